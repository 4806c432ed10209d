"""Pure values and rules: they import nothing but each other, and know neither HTTP nor SQL."""
