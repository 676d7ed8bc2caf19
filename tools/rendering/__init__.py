"""One renderer for each kind of text that render_docs.py keeps: a function from nothing to the texts of files."""
