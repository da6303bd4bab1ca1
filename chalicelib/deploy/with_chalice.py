"""The call into Chalice: what `chalice deploy --stage S` does, in this process, with our session.

In this process, so that the credentials and region are surely the same that everything else here uses.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.cli.factory import CLIFactory
from chalice.utils import UI

if TYPE_CHECKING:
    import botocore.session


def deploy(built: Path, stage: str, session: "botocore.session.Session", ui: UI) -> None:
    """Deploy the project directory that package.py built. Raises ChaliceDeploymentError and botocore's own.

    Chalice imports app.py, which reads its settings from the environment: they are put there first, and stay.
    """
    factory = CLIFactory(str(built), environ=os.environ)
    config = factory.create_config_obj(chalice_stage_name=stage)
    factory.create_default_deployer(session=session, config=config, ui=ui).deploy(config, chalice_stage_name=stage)
