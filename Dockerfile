# The app in a container, with torch's CPU build. docs/hosting.md says how to build and run it.
FROM python:3.12-slim

# Hugging Face Spaces runs containers as user 1000; nothing here needs more rights than that.
RUN useradd --create-home --uid 1000 vaedemo
WORKDIR /home/vaedemo/app

# torch first, from its own index of CPU builds: from the usual one it brings several GB of CUDA libraries. For a worker
# with a GPU: --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu130, or another that the driver supports.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY requirements.txt ./
RUN grep -E "^torch" requirements.txt > torch.txt \
    && pip install --no-cache-dir --index-url $TORCH_INDEX --requirement torch.txt \
    && pip install --no-cache-dir --requirement requirements.txt

COPY streamlit_app.py README.md LICENSE ./
COPY .streamlit ./.streamlit
COPY checkpoints ./checkpoints
COPY clinic ./clinic
COPY vaedemo ./vaedemo

# So that `dask scheduler` and `dask worker`, run from this image, find the package too.
ENV PYTHONPATH=/home/vaedemo/app

# Runs and data sets; mount a volume here to keep them when the container is replaced.
ENV VAEDEMO_CACHE=/home/vaedemo/cache
RUN mkdir $VAEDEMO_CACHE && chown vaedemo: $VAEDEMO_CACHE
USER vaedemo

# 7860 is what Spaces expects; `--env STREAMLIT_SERVER_PORT=8501 --publish 8501:8501` for Streamlit's own.
ENV STREAMLIT_SERVER_PORT=7860 STREAMLIT_SERVER_HEADLESS=true
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['STREAMLIT_SERVER_PORT'] + '/_stcore/health')"]
CMD ["streamlit", "run", "streamlit_app.py"]
