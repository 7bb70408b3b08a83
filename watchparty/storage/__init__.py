"""What is kept: the SQLite database and the object folder."""
