"""Exhibits as HTML files that need no server: `python -m vaedemo export plane ring film kl -o site`.

A file holds one exhibit with its steps: the same scripts and styles as in the app, the data, and the words. It makes no
request, so it works from a folder and in a learning platform.
"""
