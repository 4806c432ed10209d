"""Forms, one file per stage."""
