"""Pictures that the server draws: SVG of attributes and classes only (strict CSP), coloured by static/css/drawing.css.

Pure: no models, no requests, no clock. Data in, a safe string out. Every text is escaped in `svg.tag`.
"""

from .cable import draw_outage
from .charts import Day, Week, time_to_answer, validity_ahead
from .months import Month, decisions_by_month
from .pipeline import Segment, pipeline
from .points import Point, draw_points
from .strip import strip
from .trace import draw_trace

__all__ = [
    "Day",
    "Month",
    "Point",
    "Segment",
    "Week",
    "decisions_by_month",
    "draw_outage",
    "draw_points",
    "draw_trace",
    "pipeline",
    "strip",
    "time_to_answer",
    "validity_ahead",
]
