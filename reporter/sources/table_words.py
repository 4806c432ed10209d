"""What the words above the columns of a table mean, in English, French, Spanish, German and Portuguese."""

import re
from functools import lru_cache
from unicodedata import combining, normalize

SURE, LIKELY, WEAK = 3, 2, 1
_MAX_WORDS = 8  # a longer text is no header
_START = "start starts starting begin begins beginning debut inicio comienzo beginn anfang von from desde startzeit"
_END = "end ends ending finish finishes until till to fin final ende bis hasta fim termino ate endzeit schluss"
_TIME = "time times when heure heures horaire horaires hora horario uhrzeit zeit zeiten timeslot slot hour schedule"
_DAY = "date day days jour journee fecha dia data datum tag termin"
_OF_TIME: dict[str, str] = {
    **dict.fromkeys(f"{_START} anfangszeit beginnzeit starttime".split(), "start"),
    **dict.fromkeys(f"{_END} endtime".split(), "end"),
    **dict.fromkeys(_TIME.split(), "time"),
    **dict.fromkeys(f"{_DAY} startdatum startdate enddatum enddate".split(), "day"),
    **dict.fromkeys(["datetime", "timestamp", "startdatetime", "dtstart"], "start"),
    **dict.fromkeys(["enddatetime", "dtend"], "end"),
}
_WORDS: dict[str, dict[str, int]] = {
    "duration": {
        "duration duree duracion duracao dauer": SURE,
        "length minutes minutos minuten mins lange laenge lasts": LIKELY,
    },
    "room": {
        "room rooms salle salles sala salas raum raume raeume saal hall auditorium aula stage": SURE,
        "location venue lieu lugar ort local ubicacion espacio localizacao": LIKELY,
        "place where building": WEAK,
    },
    "track": {
        "track tracks strand stream filiere eje tematica thematique trilha eixo themenstrang schiene axe": SURE,
        "theme themes tema parcours category categorie categoria kategorie section": LIKELY,
        "topic topics pillar": WEAK,
    },
    "speakers": {
        "speaker speakers presenter presenters author authors panelist panelists panellist panellists intervenant "
        "intervenants intervenante intervenantes orateur orateurs oratrices conferencier conferenciers "
        "conferencieres auteur auteurs ponente ponentes orador oradores oradora oradoras autor autores autoren "
        "referent referenten referentin referentinnen referierende sprecher sprecherin sprecherinnen redner "
        "rednerinnen vortragende vortragender palestrante palestrantes apresentador apresentadores": SURE,
        "participants people persons lecturer lecturers host hosts facilitator facilitators moderator moderators": WEAK,
    },
    "description": {
        "description abstract abstracts descripcion descricao beschreibung resume resumen resumo "
        "zusammenfassung kurzbeschreibung descriptif": SURE,
        "synopsis inhalt details detail contenu contenido conteudo": LIKELY,
        "summary content about blurb text": WEAK,
    },
    "id": {
        "guid uid uuid": SURE + 1,
        "id ids": SURE,
        "identifier identifiant identificador kennung code": LIKELY,
        "number no nr nummer numero ref reference num": WEAK,
    },
    "keywords": {
        "keyword keywords tags schlagworte schlagworter schlagwort stichworte stichworter etiquetas palavras": SURE,
        "labels": LIKELY,
    },
    "title": {
        "title titre titulo titel titulos intitule": SURE,
        "name nom nombre nome subject betreff asunto assunto sujet bezeichnung": LIKELY,
        "session talk event presentation lecture vortrag thema topic activity item summary sitzung sesion sessao "
        "programmpunkt veranstaltung seance atelier actividad atividade palestra what": WEAK,
    },
}
_PHRASES = {"mots cles": "keywords", "palabras clave": "keywords", "palavras chave": "keywords", "e mail": "email"}
_NEUTRAL = (
    "of the and for in a an s de la le les du des der die das el do da dos o os y e et und l d min h local full "
    "utc gmt cet cest sessions"
)
# A column about something else, whatever its other words say.
_ASIDE = (
    "email mail bio bios biography biographie biografie biografia affiliation affiliations organisation organization "
    "organisations organizations company institution institute country pays pais land twitter linkedin picture photo "
    "image url urls link links lien pdf slug zone timezone tz zeitzone fuseau language langue idioma sprache lingua "
    "first last given family prenom vorname nachname surname phone status decision capacity gender position job "
    "resources slides video"
)
_NEUTRAL_WORDS, _ASIDE_WORDS = frozenset(_NEUTRAL.split()), frozenset(_ASIDE.split())
_ORDER = ("id", "speakers", "track", "room", "duration", "keywords", "title", "description")
_NO_NAME_OF = {"speakers", "track", "room"}  # “Speaker ID”, “Room number”: not the id of a session


@lru_cache(maxsize=4096)
def meaning(header: str) -> dict[str, int]:
    """What a column headed `header` may be, each field with how much speaks for it (WEAK to SURE + 1); {} for nothing.

    “Tag” is a day in German and a keyword in English: both are named, and the cells have to tell.
    """
    words = _words(header)
    if not words or len(words) > _MAX_WORDS or _ASIDE_WORDS.intersection(words):
        return {}
    times = {_OF_TIME[word] for word in words if word in _OF_TIME}
    fields = {field: rank for field in _ORDER if (rank := max((_rank(field, word) for word in words), default=0))}
    named = set(fields) - {"title"}
    if times and not named - {"duration"} and not ("duration" in named and times == {"time"}):
        return _of_times(words, times)
    known = all(word in _OF_TIME or word in _NEUTRAL_WORDS or any(_rank(one, word) for one in _ORDER) for word in words)
    fields = {field: rank - (not known) for field, rank in fields.items() if rank - (not known) > 0}
    if "id" in fields:
        return {} if _NO_NAME_OF.intersection(fields) else {"id": fields["id"]}
    if "speakers" in fields and "title" in words:
        return {}
    if fields.get("title", 0) > WEAK and "description" in fields:
        return {"title": fields["title"]}
    strongest = max(fields.values(), default=0)
    found = next((field for field in _ORDER if fields.get(field) == strongest), "")
    # “Summary” may be the title or the description: which, the other columns tell.
    return {field: rank for field, rank in fields.items() if field == found or strongest == WEAK}


def named_fields(cells: tuple[str, ...]) -> float:
    """How many fields a row of `cells` names as a header does; weak words count less than half."""
    ranks: dict[str, int] = {}
    for cell in cells:
        for field, rank in meaning(cell).items() if cell and len(cell) <= 60 else ():
            ranks[field] = max(rank, ranks.get(field, 0))
    return sum(1 if rank >= LIKELY else 0.4 for rank in ranks.values())


def _of_times(words: list[str], times: set[str]) -> dict[str, int]:
    """What a header is that speaks of times only."""
    ends_on_a_day = bool({"enddate", "enddatum"}.intersection(words))
    if "start" in times and "end" in times:
        return {"start": SURE}
    if "end" in times or ends_on_a_day:
        return {"end": LIKELY if "day" in times or words == ["to"] else SURE}
    if words == ["tag"]:
        return {"day": LIKELY, "keywords": LIKELY}
    if "start" in times or {"startdate", "startdatum"}.intersection(words):
        return {"start": LIKELY, "day": LIKELY} if "day" in times else {"start": SURE}
    if times == {"day", "time"}:
        return {"start": LIKELY, "day": WEAK}
    return {"day": SURE} if "day" in times else {"start": LIKELY}


@lru_cache(maxsize=4096)
def _rank(field: str, word: str) -> int:
    return next((rank for words, rank in _WORDS[field].items() if word in words.split()), 0)


def _words(header: str) -> list[str]:
    """The words of a header in small letters without accents: “startTime”, “start_time” and “Start time” alike."""
    if header.strip() in {"#", "Nº", "N°", "№"}:
        return ["number"]
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", header[:200])
    text = "".join(one for one in normalize("NFKD", text.casefold()) if not combining(one))
    text = " ".join(re.sub(r"\((?:s|e|es|in|innen)\)|[:*·](?:in|innen|e|e·s)\b", "", text).split())
    text = " ".join(re.sub(r"[\W_]+", " ", text).split())
    for phrase, word in _PHRASES.items():
        text = re.sub(rf"\b{phrase}\b", word, text)
    return text.split()
