package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// A workflow may be called as the word that stands for none is.
func TestHowIsDeployed(t *testing.T) {
	c := parse(t, `
products:
  app: {environments: [dev, staging, production], github: {repository: acme/app, deploy: {dev: deployment, staging: deployment.yml, production: deployment-prod.yaml}}}
`)
	want := map[workflows.Environment]string{"dev": "", "staging": "deployment.yml", "production": "deployment-prod.yaml"}
	if diff := cmp.Diff(want, c.Products["app"].Forge.Deploys); diff != "" {
		t.Error(diff)
	}
}
