"""The style of a page with steps: in the app, on the stage (a projector), and alone in another page's frame."""

from vaedemo.app.shell import paper
from vaedemo.figures import palette

WORDS = 0.65  # the share of a quantity's colour in words of it

# What Streamlit writes in the accent has the page's text colour: the accent is too dark for words in the dark theme.
# A control's edge is darker than those of containers, so that it is seen where a press does something; a grey button
# without an edge looks disabled on dark.
CONTROLS = """
:is(.stMain, .stDialog) [data-testid="stButtonGroup"] button[role="radio"][aria-checked="true"] { color: inherit;
  border-color: currentColor; background: color-mix(in srgb, currentColor 10%, transparent); }
:is(.stMain, .stDialog) [data-testid="stButtonGroup"] button[role="radio"][aria-checked="true"] p { font-weight: 600; }
:is(.stMain, .stDialog) [data-testid="stSliderThumbValue"] { color: inherit; }
[data-testid="stBaseButton-primary"] {
  border-color: light-dark(transparent, color-mix(in srgb, currentColor 60%, transparent)); }
.stMain, .stSidebar, .stDialog { --edge: color-mix(in srgb, currentColor 50%, transparent); }
:is([data-testid="stBaseButton-secondary"], [data-testid="stNumberInputContainer"],
  [data-testid="stTextInputRootElement"]):not(:hover, :focus-within, :disabled),
[data-testid="stButtonGroup"] button[role="radio"][aria-checked="false"]:not(:hover, :focus-within),
:is([data-testid="stSelectbox"], [data-testid="stMultiSelect"]) div:not(:hover, :focus-within),
[data-testid="stRadioOption"]:not(:has(:checked), :hover) div { border-color: var(--edge); }
"""
# Where the system sets the colours (Windows' contrast themes) Streamlit draws sliders, switches and choices by their
# backgrounds alone, which the system removes.
FORCED = """
@media (forced-colors: active) {
  .stSlider div:has(> div > input[type="range"]), .stSlider div:has(+ div > div > input[type="range"]),
  .stCheckbox span:has(> input) + div > div { forced-color-adjust: none; background: ButtonText; }
  .stSlider div:has(+ div > div > input[type="range"]) { background: GrayText; }
  .stCheckbox span:has(> input) + div, [data-testid="stRadioOption"] div > div:first-child {
    border: 1px solid ButtonText; }
  [data-testid="stRadioOption"]:has(:checked) div > div:first-child, .stProgress [role="progressbar"] div {
    forced-color-adjust: none; background: Highlight; }
  [data-testid="stButtonGroup"] button[aria-checked="true"] {
    forced-color-adjust: none; background: Highlight !important; color: HighlightText !important; }
  :focus-visible, :has(> span > input:focus-visible), .stSlider div:has(> div > input:focus-visible) {
    outline: 2px solid Highlight !important; outline-offset: 2px; }
}
"""
# On the page a chart has no paper, and its black is the page's text colour. Words in the colour of a quantity are mixed
# with it, so that they can be read. Plotly's buttons stand beside the plot.
CHARTS = """
.js-plotly-plot .main-svg { background: transparent !important; }
.js-plotly-plot [style*="stroke: rgb(1, 1, 1)"] { stroke: currentColor !important; }
.js-plotly-plot text[style*="fill: rgb(1, 1, 1)"] { fill: currentColor !important; }
.js-plotly-plot .plotly .modebar { top: 0; right: 0; }
.js-plotly-plot .plotly .modebar-btn { height: 28px; padding: 4px 5px; font-size: 18px; border-radius: 4px; }
.js-plotly-plot .plotly .modebar-btn path { fill: currentColor !important; opacity: 0.75; }
.js-plotly-plot .plotly .modebar-btn:is(:hover, :focus-visible) {
  background: color-mix(in srgb, currentColor 15%, transparent); outline-color: currentColor; }
.js-plotly-plot .plotly .modebar-btn::after { font-size: 0.95rem; line-height: 1; }
""" + "".join(
    f'.js-plotly-plot text[style*="fill: {rgb}"] {{ fill: color-mix(in srgb, {rgb} {WORDS:.0%}, currentColor) '
    "!important; }\n"
    for rgb in (f"rgb({int(hue[1:3], 16)}, {int(hue[3:5], 16)}, {int(hue[5:], 16)})" for hue in palette.ROLES.values())
)
PAGE = """
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
.stMainBlockContainer { max-width: 90rem; padding-top: 4rem; }
.st-key-head h1 { padding: 0; }
.stMain h2 { padding: 0.5rem 0; font-size: 1.5rem; }
.st-key-stale { opacity: 0.65; }
.stMain table { display: block; overflow-x: auto; }
.st-key-question p { font-size: 1.125rem; }
.st-key-question button :is(div, span) { justify-content: flex-start; text-align: start; }
[data-testid="stExpanderDetails"] p:has(.katex) { overflow: auto hidden; }
@media (max-width: 640px) {
  .st-key-guide { position: fixed; z-index: 100; right: 0; bottom: 0; left: 0; padding: 0.375rem;
    background: Canvas; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
}
"""
# One rem is 21.25 pixels in a window of 1280 × 720, and grows with the window; the smallest text is 0.95 rem. The
# stepper stands beside the longest title but one.
STAGE = """
html { font-size: max(16px, min(1.66vw, 2.951vh)); --canvas-rem: 0.95; }
.stMainBlockContainer { max-width: 100%; padding: 0.75rem 1.5rem 0; }
[data-testid="stHeader"], [data-testid="stSidebar"] { display: none; }
.st-key-head h1 { font-size: 1.4rem; }
.stMain [data-testid="stVerticalBlock"] { gap: 0.75rem; }
.stMain p, .stMain label, .stMain li { font-size: 1.0625rem; }
.stMain p code { font-size: 0.95rem; padding-inline: 0; }
.st-key-question p { font-size: 1.32rem; line-height: 1.25; }
.st-key-room { position: fixed; z-index: 100; bottom: 0.125rem; left: 1.5rem; width: auto; background: Canvas; }
"""
ALONE = """
.stMainBlockContainer { max-width: 100%; padding: 0.5rem; }
[data-testid="stHeader"], [data-testid="stSidebar"] { display: none; }
"""


def of_page(*, present: bool, alone: bool) -> str:
    """The page's <style>."""
    placed = (STAGE if present else "") + (ALONE if alone else "")
    return f"<style>{CONTROLS}{FORCED}{CHARTS}{PAGE}{placed}{paper.PRINT}</style>"
