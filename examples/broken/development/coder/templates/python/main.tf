data "coder_workspace" "me" {}

variable "namespace" {
  default = "coder"
}

resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
}

resource "kubernetes_persistent_volume_claim_v1" "home" {
  count = data.coder_workspace.me.start_count # finds: coder-persistence
  metadata {
    name      = "home-${data.coder_workspace.me.id}"
    namespace = var.namespaec # finds: coder-template
  }
}

resource "kubernetes_pod_v1" "main" {
  count = data.coder_workspace.me.start_count
  metadata {
    name      = "coder-${data.coder_workspace.me.id}"
    namespace = var.namespace
  }
  spec {
    container {
      name    = "dev"
      image   = "ghcr.io/coder/envbuilder:latest" # finds: coder-image
      command = ["sh", "-c", coder_agent.main.init_script]
    }
    volume {
      name = "home"
      persistent_volume_claim {
        claim_name = kubernetes_persistent_volume_claim_v1.home[0].metadata[0].name
      }
    }
  }
}
