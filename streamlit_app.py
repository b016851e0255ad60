"""The door: `streamlit run streamlit_app.py` finds `app` and serves it. Nothing imports this file."""

import streamlit as st
from starlette.middleware import Middleware

from vaedemo.app.components.addresses import route
from vaedemo.app.serve import Gate, check_settings, lifespan

check_settings()  # before the server starts: a wrong VAEDEMO_ variable is one sentence, not a traceback

app = st.App("vaedemo/app/main.py", lifespan=lifespan, middleware=[Middleware(Gate)], routes=[route])
