terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "vpc_id" {
  type = string
}

variable "private_subnet_ids" {
  type        = list(string)
  description = "Two or three, in different zones, with a way out to port 443"

  validation {
    condition     = contains([2, 3], length(var.private_subnet_ids))
    error_message = "Give the private subnets of two or three zones."
  }
}

variable "office_cidr" {
  type = string
}

variable "certificate_arn" {
  type = string
}

variable "domain_name" {
  type = string
}

variable "route53_zone_id" {
  type = string
}

locals {
  templates = "${path.module}/node_modules/@jenkins-aws/master/templates"
  network = {
    VpcId            = var.vpc_id
    PrivateSubnetIds = join(",", var.private_subnet_ids)
    ZoneCount        = tostring(length(var.private_subnet_ids))
  }
}

# Two stacks: the home outlives every controller.
resource "aws_cloudformation_stack" "home" {
  name          = "jenkins-home"
  template_body = file("${local.templates}/home-efs.json")
  parameters    = local.network
}

# readme:start
resource "aws_cloudformation_stack" "jenkins" {
  name          = "jenkins"
  template_body = file("${local.templates}/controller-ec2.json")
  parameters    = merge(local.network, aws_cloudformation_stack.home.outputs, local.access)
  capabilities  = ["CAPABILITY_IAM"]
}
# readme:end

locals {
  access = {
    LoadBalancerSubnetIds = join(",", var.private_subnet_ids)
    AllowedCidr           = var.office_cidr
    CertificateArn        = var.certificate_arn
    DomainName            = var.domain_name
  }
}

# What is the team's own, by the stack's outputs: a name, and one more thing that Jenkins may do.
resource "aws_route53_record" "jenkins" {
  zone_id = var.route53_zone_id
  name    = var.domain_name
  type    = "A"

  alias {
    name                   = aws_cloudformation_stack.jenkins.outputs["LoadBalancerDnsName"]
    zone_id                = aws_cloudformation_stack.jenkins.outputs["LoadBalancerHostedZoneId"]
    evaluate_target_health = true
  }
}

resource "aws_iam_role_policy_attachment" "jenkins_reads_images" {
  role       = aws_cloudformation_stack.jenkins.outputs["RoleName"]
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
}

data "aws_partition" "current" {}

output "url" {
  value = aws_cloudformation_stack.jenkins.outputs["Url"]
}

output "home_file_system_id" {
  value = aws_cloudformation_stack.home.outputs["FileSystemId"]
}
