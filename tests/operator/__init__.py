"""An operator with memory, for tests: real HTTP, the specification's rules, other legal shapes, faults on demand.

It is not the sandbox: what the portal does must follow from the specification, never from one operator's habits.
"""

from tests.operator.faults import LOST, Fault
from tests.operator.server import Operator
from tests.operator.shapes import Shapes

__all__ = ["LOST", "Fault", "Operator", "Shapes"]
