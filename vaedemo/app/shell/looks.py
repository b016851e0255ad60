"""The style of a page: in the app, on the stage (a projector), alone in another page's frame, and on paper."""

PAGE = """
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
.stMainBlockContainer { max-width: 90rem; padding-top: 4rem; }
.st-key-head h1 { padding: 0; }
.st-key-stale { opacity: 0.5; }
.stMain table { display: block; overflow-x: auto; }
.st-key-question p { font-size: 1.125rem; }
.st-key-question button { justify-content: flex-start; text-align: start; }
[data-testid="stExpanderDetails"] p:has(.katex) { overflow: auto hidden; }
@media (max-width: 640px) {
  .st-key-guide { position: fixed; z-index: 100; right: 0; bottom: 0; left: 0; padding: 0.375rem;
    background: Canvas; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
}
"""
# One rem is 21.25 pixels in a window of 1280 × 720, and grows with the window; the smallest text is 0.95 rem.
STAGE = """
html { font-size: max(16px, min(1.66vw, 2.951vh)); --canvas-rem: 0.95; }
.stMainBlockContainer { max-width: 100%; padding: 0.75rem 1.5rem 0; }
[data-testid="stHeader"], [data-testid="stSidebar"] { display: none; }
.st-key-head h1 { font-size: 1.75rem; }
.stMain [data-testid="stVerticalBlock"] { gap: 0.75rem; }
.stMain p, .stMain label, .stMain li { font-size: 1.0625rem; }
.st-key-question p { font-size: 1.32rem; line-height: 1.25; }
"""
ALONE = """
.stMainBlockContainer { max-width: 100%; padding: 0.5rem; }
[data-testid="stHeader"], [data-testid="stSidebar"] { display: none; }
"""
# Black on white in both themes. The components read their inks from Streamlit's variables; `--controls` hides their
# buttons and sliders.
PAPER = """
[data-testid="stHeader"], [data-testid="stSidebar"] { display: none !important; }
html, body, .stApp, .stMain { background: #fff !important; color-scheme: light; }
.stMain, .stMain * { color: #000 !important; --st-text-color: #000 !important; --st-border-color: #bbb !important;
  --st-background-color: #fff !important; --st-secondary-background-color: #fff !important; --controls: none; }
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


def of_page(*, present: bool = False, alone: bool = False) -> str:
    """The <style> of a page with steps."""
    return f"<style>{PAGE}{STAGE if present else ''}{ALONE if alone else ''}{PRINT}</style>"


def of_handout() -> str:
    """The <style> of a hand-out."""
    return f"<style>{PAGE}{PAPER}{PRINT}{HANDOUT}</style>"
