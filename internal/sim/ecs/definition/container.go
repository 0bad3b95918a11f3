package definition

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/program"
	"berth/internal/sim/world"
)

// readImage refuses an image whose name AWS would refuse, and one that says nonsense about what it does.
func readImage(container, image string) error {
	if !strings.HasPrefix(image, program.Registry) {
		if strings.ContainsAny(image, "?& \t\n$") {
			return client("Container.image contains invalid characters.")
		}
		return nil
	}
	if _, err := program.Parse(image); err != nil {
		return client("Invalid setting for container '%s'. %s.", container, err)
	}
	return nil
}

// readRestart reads when the agent starts a container again that has ended (ECS API reference, ContainerRestartPolicy).
func readRestart(container string, in *types.ContainerRestartPolicy) (*world.RestartPolicy, error) {
	if in == nil || !aws.ToBool(in.Enabled) {
		return nil, nil //nolint:nilnil // no policy is a policy
	}
	out := &world.RestartPolicy{After: 300}
	if in.RestartAttemptPeriod != nil {
		out.After = int(*in.RestartAttemptPeriod)
	}
	switch {
	case out.After < 60 || out.After > 1800:
		return nil, client("Invalid setting for container '%s'. The restart policy's restartAttemptPeriod must be between 60 and 1800.", container)
	case len(in.IgnoredExitCodes) > 50:
		return nil, client("Invalid setting for container '%s'. The restart policy can have at most 50 ignoredExitCodes.", container)
	}
	for _, code := range in.IgnoredExitCodes {
		out.Ignored = append(out.Ignored, int(code))
	}
	return out, nil
}

// readLinks reads which containers wait for which (ECS API reference, ContainerDependency).
func readLinks(d *world.TaskDefinition, spec *types.TaskDefinition) error {
	for n, c := range spec.ContainerDefinitions {
		for _, dep := range c.DependsOn {
			link := world.ContainerLink{Name: aws.ToString(dep.ContainerName), Condition: string(dep.Condition)}
			if err := checkLink(d, d.Containers[n].Name, link); err != nil {
				return err
			}
			d.Containers[n].After = append(d.Containers[n].After, link)
		}
	}
	for _, c := range d.Containers {
		if reaches(d, c.Name, c.Name, len(d.Containers)) {
			return client("Invalid setting for container '%s'. Its container dependencies are circular.", c.Name)
		}
	}
	return nil
}

func checkLink(d *world.TaskDefinition, container string, link world.ContainerLink) error {
	const head = "Invalid setting for container '%s'. "
	on := specNamed(d, link.Name)
	condition := types.ContainerCondition(link.Condition)
	switch {
	case on == nil:
		return client(head+"It depends on a container that is not in the task definition.", container)
	case !slices.Contains(condition.Values(), condition):
		return client(head+"Container dependency condition '%s' is invalid. Valid values are: START, COMPLETE, SUCCESS, HEALTHY.", container, link.Condition)
	case condition == types.ContainerConditionHealthy && on.CheckEvery == 0:
		return client(head+"It depends on the health of the container '%s', which has no health check.", container, link.Name)
	case (condition == types.ContainerConditionComplete || condition == types.ContainerConditionSuccess) && on.Essential:
		return client(head+"It depends on the end of the container '%s', which is essential.", container, link.Name)
	}
	return nil
}

func specNamed(d *world.TaskDefinition, name string) *world.ContainerSpec {
	for n := range d.Containers {
		if d.Containers[n].Name == name {
			return &d.Containers[n]
		}
	}
	return nil
}

// reaches tells whether a container waits, over at most so many others, for one with a name.
func reaches(d *world.TaskDefinition, from, name string, over int) bool {
	if over == 0 {
		return false
	}
	return slices.ContainsFunc(specNamed(d, from).After, func(l world.ContainerLink) bool {
		return l.Name == name || reaches(d, l.Name, name, over-1)
	})
}
