"""A room: a class that predicts, votes and follows the lecturer's step. Nothing here knows Streamlit or the web."""
