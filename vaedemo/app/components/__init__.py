"""Our Streamlit components: each is a folder with its HTML, CSS and JavaScript, and the Python that mounts it."""
