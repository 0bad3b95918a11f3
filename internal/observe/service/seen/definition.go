package seen

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/document"
	"berth/internal/live"
)

// Definition is a revision of a task definition, in the shape of the call that registers one, and with what it requires of
// instances. Of environment variables only the names are left, of options of log drivers those of awslogs.
func Definition(d types.TaskDefinition) live.Definition {
	spec := Document(d)
	for _, name := range []string{
		"taskDefinitionArn", "revision", "status", "registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt", "compatibilities",
	} {
		spec = spec.With(name, document.Value{})
	}
	containers := spec.Get("containerDefinitions")
	for i := range containers.Items {
		containers.Items[i] = bare(containers.Items[i])
	}
	return live.Definition{
		ARN: aws.ToString(d.TaskDefinitionArn), Status: string(d.Status), Spec: spec.With("containerDefinitions", containers),
	}
}

// bare is a container's definition without what may be secret.
func bare(c document.Value) document.Value {
	if env := c.Get("environment"); env.There() {
		names := document.Value{Kind: document.List}
		for _, e := range env.Items {
			names.Items = append(names.Items, document.New("name", e.Get("name")))
		}
		c = c.With("environment", names)
	}
	if log := c.Get("logConfiguration"); log.Get("options").There() {
		options := document.Value{Kind: document.Object}
		for _, o := range log.Get("options").Members {
			if strings.HasPrefix(o.Name, "awslogs-") {
				options.Members = append(options.Members, o)
			}
		}
		c = c.With("logConfiguration", log.With("options", options))
	}
	return c
}
