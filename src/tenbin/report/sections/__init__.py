"""Sections of the report, one per file, in the order in which they stand in the page."""

ORDER = (
    "summary",
    "scenario",
    "models",
    "verdicts",
    "policies",
    "claims",
    "outcomes",
    "solving",
    "methods",
)
