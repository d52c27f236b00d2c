from sim.analysis.values import values as values
from sim.api.calibration import backtest as backtest
from sim.api.calibration import calibrate as calibrate
from sim.api.compare import compare as compare
from sim.api.discovery import conditions as conditions
from sim.api.figures import plot as plot
from sim.api.inference import infer as infer
from sim.api.play import play as play
from sim.api.result import open_result as open_result
from sim.api.run import replay as replay
from sim.api.run import run as run
from sim.api.sensitivity import sensitivity as sensitivity
from sim.api.sweep import sweep as sweep
from sim.api.tournament import tournament as tournament
from sim.api.why import why as why
from sim.model.mesa_model import CeasefireModel as CeasefireModel
from sim.scenario.load import load as load

__version__: str
__all__: list[str]
