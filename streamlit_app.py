"""The door: `streamlit run streamlit_app.py` finds `app` and serves it. Nothing imports this file."""

import streamlit as st
from starlette.middleware import Middleware

from vaedemo.app.components.common.assets import route
from vaedemo.app.server.checks import check_lessons, check_settings
from vaedemo.app.server.room_routes import room_routes
from vaedemo.app.server.serve import Gate, lifespan
from vaedemo.app.server.upload_routes import ClosedUploads, upload_routes

check_settings()  # before the server starts: what is wrong is one sentence, not a traceback
check_lessons()

ROUTES = [route(), *room_routes(), *upload_routes()]
MIDDLEWARE = [Middleware(Gate), Middleware(ClosedUploads)]
app = st.App("vaedemo/app/main.py", lifespan=lifespan, middleware=MIDDLEWARE, routes=ROUTES)
