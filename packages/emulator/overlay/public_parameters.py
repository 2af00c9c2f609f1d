"""The public parameters of Amazon Linux 2023, and the images that they name, in every region."""

import ministack.services.ec2 as ec2
import ministack.services.ssm as ssm

from patching import wrap

PREFIX = "/aws/service/ami-amazon-linux-latest/"
IMAGES = {"x86_64": "ami-0c2023a1b2c3d4e5f", "arm64": "ami-0a2023a1b2c3d4e5f"}
KERNELS = ("default", "6.1", "6.12", "6.18")
OWNER = "137112412989"


def _with_architecture(original):
    def view(ami_id, *rest):
        seen = original(ami_id, *rest)
        return {**seen, "Architecture": "arm64"} if ami_id == IMAGES["arm64"] else seen

    return view


def install():
    for architecture, image_id in IMAGES.items():
        for kernel in KERNELS:
            for kind in ("al2023-ami", "al2023-ami-minimal"):
                ssm._PUBLIC_AMI_PARAMETERS[f"{PREFIX}{kind}-kernel-{kernel}-{architecture}"] = image_id
    name = "al2023-ami-2023.6.20241010.0-kernel-6.1-arm64"
    ec2._STUB_AMIS.append((IMAGES["arm64"], name, "Amazon Linux 2023 AMI", "", "/dev/xvda", OWNER, "amazon"))
    wrap(ec2, "_stub_image_view", _with_architecture)
