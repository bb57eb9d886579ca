# A workspace that builds the devcontainer.json of a repository inside a Pod and
# keeps /workspaces on a volume of its own.
terraform {
  required_providers {
    coder = {
      source  = "coder/coder"
      version = "~> 2.11"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 2.38"
    }
  }
}

provider "coder" {}

# Coder runs in the cluster: its service account is allowed to create workspaces.
provider "kubernetes" {}

data "coder_workspace" "me" {}
data "coder_workspace_owner" "me" {}

data "coder_parameter" "repository" {
  name         = "repository"
  display_name = "Repository"
  description  = "Git repository with a devcontainer.json"
  type         = "string"
  mutable      = false
  default      = "https://github.com/coder/envbuilder-starter-devcontainer"
}

data "coder_parameter" "memory" {
  name         = "memory"
  display_name = "Memory in GiB"
  type         = "number"
  mutable      = true
  default      = "4"
  validation {
    min = 1
    max = 8
  }
}

data "coder_parameter" "disk" {
  name         = "disk"
  display_name = "Disk in GiB"
  type         = "number"
  mutable      = false
  default      = "20"
  validation {
    min = 5
    max = 50
  }
}

locals {
  name   = "coder-${lower(data.coder_workspace_owner.me.name)}-${lower(data.coder_workspace.me.name)}"
  labels = { "app.kubernetes.io/name" = "coder-workspace", "app.kubernetes.io/instance" = local.name }
}

resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
  dir  = "/workspaces"
}

resource "kubernetes_persistent_volume_claim" "workspaces" {
  metadata {
    name      = "${local.name}-workspaces"
    namespace = "coder"
    labels    = local.labels
  }
  wait_until_bound = false
  spec {
    access_modes = ["ReadWriteOnce"]
    resources {
      requests = { storage = "${data.coder_parameter.disk.value}Gi" }
    }
  }
  lifecycle {
    ignore_changes = all
  }
}

resource "kubernetes_deployment" "workspace" {
  count            = data.coder_workspace.me.start_count
  wait_for_rollout = false
  metadata {
    name      = local.name
    namespace = "coder"
    labels    = local.labels
  }
  spec {
    replicas = 1
    strategy {
      type = "Recreate"
    }
    selector {
      match_labels = local.labels
    }
    template {
      metadata {
        labels = local.labels
      }
      spec {
        automount_service_account_token = false
        container {
          name  = "workspace"
          image = "ghcr.io/coder/envbuilder:1.1.0"
          env {
            name  = "ENVBUILDER_GIT_URL"
            value = data.coder_parameter.repository.value
          }
          env {
            name  = "ENVBUILDER_INIT_SCRIPT"
            value = coder_agent.main.init_script
          }
          env {
            name  = "CODER_AGENT_TOKEN"
            value = coder_agent.main.token
          }
          resources {
            requests = { cpu = "250m", memory = "512Mi" }
            limits   = { memory = "${data.coder_parameter.memory.value}Gi" }
          }
          volume_mount {
            name       = "workspaces"
            mount_path = "/workspaces"
          }
        }
        volume {
          name = "workspaces"
          persistent_volume_claim {
            claim_name = kubernetes_persistent_volume_claim.workspaces.metadata[0].name
          }
        }
      }
    }
  }
}
