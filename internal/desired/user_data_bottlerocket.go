package desired

import (
	"encoding/json"
	"strconv"
	"strings"

	"berth/internal/config"
	"berth/internal/config/toml"
)

// bottlerocketData are the settings that an instance of Bottlerocket reads: the agent's, translated, what berth wants of
// the system itself, and what the file lays over them. Bottlerocket has no shell, and it refuses all of it for one setting
// that it does not know.
func (b *builder) bottlerocketData(g config.Group) string {
	ecs := toml.Table{"image-cleanup-enabled": true}
	for _, line := range b.mergedSettings(g) {
		name, value, _ := strings.Cut(line, "=")
		if translate, known := bottlerocketSettings()[name]; known {
			translate(ecs, value)
		}
	}
	own := toml.Table{"settings": toml.Table{
		"ecs": ecs,
		// What people open a session in, and not the one with root rights (Bottlerocket, "Host containers").
		"host-containers": toml.Table{"control": toml.Table{"enabled": true}, "admin": toml.Table{"enabled": false}},
		"metrics":         toml.Table{"send-metrics": false}, // figures for Bottlerocket's makers
	}}
	custom, err := toml.Parse(g.CustomUserData)
	if err != nil {
		panic(err) // config lets nothing else through
	}
	return toml.Write(custom.Over(own))
}

// translation puts the value of one of the agent's variables among the settings.ecs of Bottlerocket.
type translation func(ecs toml.Table, value string)

// bottlerocketSettings are the agent's variables that Bottlerocket has settings for (Bottlerocket, "settings.ecs"). What is
// missing here it does by itself, such as roles for tasks and GPUs, or not at all, such as taking the instance's tags along.
func bottlerocketSettings() map[string]translation {
	return map[string]translation{
		"ECS_CLUSTER":                           asText("cluster"),
		"ECS_AVAILABLE_LOGGING_DRIVERS":         asJSON[[]any]("logging-drivers"),
		"ECS_AWSVPC_BLOCK_IMDS":                 asFlag("awsvpc-block-imds", true),
		"ECS_CONTAINER_STOP_TIMEOUT":            asText("container-stop-timeout"),
		"ECS_DISABLE_IMAGE_CLEANUP":             asFlag("image-cleanup-enabled", false),
		"ECS_DISABLE_PRIVILEGED":                asFlag("allow-privileged-containers", false),
		"ECS_ENABLE_CONTAINER_METADATA":         asFlag("enable-container-metadata", true),
		"ECS_ENABLE_SPOT_INSTANCE_DRAINING":     asFlag("enable-spot-instance-draining", true),
		"ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION": asText("task-cleanup-wait"),
		"ECS_IMAGE_CLEANUP_INTERVAL":            asText("image-cleanup-wait"),
		"ECS_IMAGE_MINIMUM_CLEANUP_AGE":         asText("image-cleanup-age"),
		"ECS_IMAGE_PULL_BEHAVIOR":               asText("image-pull-behavior"),
		"ECS_INSTANCE_ATTRIBUTES":               asJSON[toml.Table]("instance-attributes"),
		"ECS_LOGLEVEL":                          asText("loglevel"),
		"ECS_NUM_IMAGES_DELETE_PER_CYCLE":       asNumber("image-cleanup-delete-per-cycle"),
		"ECS_RESERVED_MEMORY":                   asNumber("reserved-memory"),
	}
}

func asText(key string) translation {
	return func(ecs toml.Table, value string) { ecs[key] = value }
}

// asFlag turns a variable that is "true" into the given truth, any other value into its opposite.
func asFlag(key string, when bool) translation {
	return func(ecs toml.Table, value string) { ecs[key] = (value == "true") == when }
}

// asNumber leaves out what is no number, as the agent does.
func asNumber(key string) translation {
	return func(ecs toml.Table, value string) {
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			ecs[key] = n
		}
	}
}

// asJSON leaves out what is no JSON of its sort, as the agent does.
func asJSON[T any](key string) translation {
	return func(ecs toml.Table, value string) {
		var v T
		if err := json.Unmarshal([]byte(value), &v); err == nil {
			ecs[key] = v
		}
	}
}
