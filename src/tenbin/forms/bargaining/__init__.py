"""Two parties who divide shares of one or several issues, with continuous offers."""
