package config_test

import (
	"strings"
	"testing"

	"berth/internal/config"
)

// misplaced are secrets where none belongs, as people write them.
func misplaced() []string {
	return []string{
		`ecs_config = { ECS_ENGINE_AUTH_DATA = "{\"a\":\"hunter2\"}" }`,
		`ecs_config = { ecs_engine_auth_data = "{\"a\":\"hunter2\"}" }`,
		`ecs_config = { " ECS_ENGINE_AUTH_DATA" = "{\"a\":\"hunter2\"}" }`,
		`ecs_config = { ECS_ENGINE_AUTH_DATA = { auth = "hunter2" } }`,
		`ecs_config = { HTTP_PROXY = "http://u:hunter2@p:1" }`,
		`ecs_config = "echo hunter2"`,
		`ecs_config = ["hunter2"]`,
		`registries = { "docker.io" = { username = "acme", password = "hunter2" } }`,
		`registries = { "docker.io" = { username = "acme", Password = "hunter2" } }`,
		`registries = { "docker.io" = { username = "acme", passwd = "hunter2" } }`,
		`registries = { "docker.io" = { username = "acme", pass = "hunter2" } }`,
		`registries = { "docker.io" = { username = "acme", registry_token : "hunter2" } }`,
		`registries = { "docker.io" = { username = "acme", password = "hunter2" "x" } }`,
		`registries = { "docker.io" = { username = "acme", password = hunter2 } }`,
		`registries = { "docker.io" = { username = "acme", password = "hunter2 } }`,
		`registries = { "docker.io" = { username = "acme", password_env = "hunter2!" } }`,
		`registries = { "docker.io" = { username = "acme:hunter2", password_env = "X" } }`,
		`registries = { "acme:hunter2@docker.io" = { username = "acme", password_env = "X" } }`,
		`registries = { "docker.io" = "acme:hunter2" }`,
		`registries = { "docker.io" = ["acme:hunter2"] }`,
		`registries = "docker.io=acme:hunter2"`,
		`registries = ["docker.io=acme:hunter2"]`,
		`registry = { "docker.io" = { password = "hunter2" } }`,
		`dockerhub_password = "hunter2"`,
		`alerts = { chat = { https = "https://u:hunter2@example.com/" } }`,
		`alerts = { chat = { webhook = "https://example.com/?key=hunter2" } }`,
		`alerts = { chat = { slack_token = "hunter2" } }`,
	}
}

func TestASecretThatWasWrittenWhereNoneBelongsShowsInNoFault(t *testing.T) {
	for _, text := range misplaced() {
		write(t, map[string]string{"ecs.tfvars": text + "\n"})
		for from, src := range map[string]config.Sources{
			"file": {Environ: base(), Files: []string{"ecs.tfvars"}}, "--var": {Environ: base(), Vars: []string{text}},
			"environment": {Environ: append(base(), "BERTH_VAR_"+strings.Replace(text, " = ", "=", 1))},
		} {
			_, faults := config.Load(src)
			if !faults.Failed() {
				t.Errorf("%s: %s is taken", from, text)
			}
			if shown := faults.String(); strings.Contains(shown, "hunter2") {
				t.Errorf("%s: %s shows:\n%s", from, text, shown)
			}
		}
	}
}
