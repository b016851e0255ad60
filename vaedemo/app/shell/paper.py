"""The style of a page on paper: what Ctrl+P prints of any page, and the hand-out of a lesson in steps."""

# Black on white in both themes. The components read their inks from Streamlit's variables; `--controls` hides their
# buttons and sliders.
PAPER = """
[data-testid="stHeader"], [data-testid="stSidebar"] { display: none !important; }
html, body, .stApp, .stMain { background: #fff !important; color-scheme: light; }
.stMain, .stMain * { color: #000 !important; --st-text-color: #000 !important; --st-border-color: #bbb !important;
  --st-background-color: #fff !important; --st-secondary-background-color: #fff !important; --controls: none; }
.js-plotly-plot .modebar, [data-testid="stDownloadButton"] { display: none !important; }
"""
# What a reader prints shows the view and nothing to press; a question keeps its options, as lines.
PRINT = f"""
@page {{ margin: 10mm 15mm; }}
@media print {{
  {PAPER}
  html {{ font-size: 14px !important; }}
  .stMain * {{ background-color: transparent !important; }}
  .stMainBlockContainer {{ padding: 0 !important; }}
  .st-key-guide, .st-key-controls, .st-key-map, a[href$="?handout=1"], .stMain details:not([open]),
  [data-testid="stButton"]:not(.st-key-question *), .st-key-question > :last-child {{ display: none !important; }}
  .st-key-question button {{ border: 0; padding: 0; min-height: 0; background: none; }}
  .st-key-question button * {{ justify-content: flex-start; }}
  .js-plotly-plot text {{ fill: #000 !important; }}
  .st-key-told > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {{ flex-direction: column; }}
  .st-key-told > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > div {{ width: 100%; }}
}}
"""
# A4 is 180 mm wide between these margins. The screen has the same width, so that no canvas changes its size.
HANDOUT = """
html { font-size: 12px !important; --canvas-rem: 0.85; --panes: 165mm; }
.stMainBlockContainer { max-width: calc(180mm + 2rem); padding: 2rem 1rem; }
.stMain h1 { padding: 0; font-size: 1.75rem; }
.stMain h2 { padding: 0.25rem 0 0; font-size: 1.25rem; }
.stMain h2 span[style] { font-weight: 400; }
.stMain h2 a { text-decoration: none; }
.stMain h3 { padding: 0.25rem 0 0; font-size: 1.0625rem; }
.st-key-sheets > div, .st-key-mathematics > div, .st-key-answers > div { break-inside: avoid; }
.st-key-answers { break-before: page; }
.st-key-sheets [data-testid^="stBidiComponent"] { pointer-events: none; }
"""
