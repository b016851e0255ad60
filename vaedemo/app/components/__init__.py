"""Streamlit components of our own: HTML, CSS and JavaScript in files beside the Python that mounts them."""
