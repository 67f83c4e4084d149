"""A run folder -> terminal tables and one self-contained page, in three languages."""
