"""The languages in which a report can be written, each in its own name: facts, so not translated."""

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
    "zh": "中文",
    "ru": "Русский",
    "pt": "Português",
    "de": "Deutsch",
    "it": "Italiano",
    "sw": "Kiswahili",
    "id": "Bahasa Indonesia",
    "vi": "Tiếng Việt",
    "ja": "日本語",
    "ko": "한국어",
    "hi": "हिन्दी",
    "tr": "Türkçe",
}
