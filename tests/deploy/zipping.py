"""The package as `up` makes it and the zip as Chalice makes it of that, without a deployment; prints where it is.

With `plain` the zip that Chalice makes of the project as it stands. A process of its own, in the clone's directory: its
pip is told by the environment where the wheels are.
"""

import sys
from pathlib import Path

from chalice.deploy.packager import DependencyBuilder, LambdaDeploymentPackager
from chalice.utils import UI, OSUtils

from chalicelib.deploy import grants, package
from chalicelib.deploy.documents import policies, read_config
from chalicelib.deploy.resolve import resolve
from chalicelib.deploy.runtime import runtime_for
from chalicelib.deploy.stage import Caller

if __name__ == "__main__":
    project = Path.cwd()
    stage = resolve(read_config(project), "dev", Caller("aws", "123456789012", "us-east-1"))
    runtime = runtime_for(sys.version_info[:2])
    models = grants.arns(grants.models_of(stage.settings), stage.caller, ())
    plain = sys.argv[1:] == ["plain"]
    built = project if plain else package.build(project, stage, runtime, policies(project, stage, models), {})
    packager = LambdaDeploymentPackager(OSUtils(), DependencyBuilder(OSUtils()), UI(out=sys.stderr))
    print(packager.create_deployment_package(str(built), runtime))
