"""Every SELECT of the house. `for_change()` locks what a verb rests on; `published` is what the public may see."""
