"""One renderer for each kind of text that render_docs.py writes: its function ``texts`` returns the texts of files."""
