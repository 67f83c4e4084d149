"""The work behind each command of the command line, for use from Python too."""
