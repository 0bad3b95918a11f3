package balance

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostGroups is how many target groups a service may have (ECS service quotas).
const mostGroups = 5

// Read checks the load balancers of a service whose tasks are made from a definition.
func Read(r *world.Region, d *world.TaskDefinition, in []types.LoadBalancer) ([]world.ServiceBalancer, error) {
	if len(in) > mostGroups {
		return nil, invalid("load balancers can have at most %d items.", mostGroups)
	}
	var out []world.ServiceBalancer
	for _, b := range in {
		one, err := read(r, d, b)
		if err != nil {
			return nil, err
		}
		if one.Classic != "" && len(in) > 1 {
			return nil, invalid("A service can have one Classic Load Balancer, and none beside target groups.")
		}
		out = append(out, one)
	}
	return out, nil
}

func read(r *world.Region, d *world.TaskDefinition, in types.LoadBalancer) (world.ServiceBalancer, error) {
	b := world.ServiceBalancer{
		Group: aws.ToString(in.TargetGroupArn), Classic: aws.ToString(in.LoadBalancerName),
		Container: aws.ToString(in.ContainerName), Port: int(aws.ToInt32(in.ContainerPort)),
	}
	switch {
	case in.AdvancedConfiguration != nil:
		return b, wire.Errorf("UnsupportedFeatureException", "An advanced configuration of a load balancer is not available in this Region.")
	case b.Group == "" && b.Classic == "":
		return b, invalid("Either the targetGroupArn or the loadBalancerName must be specified.")
	case b.Group != "" && b.Classic != "":
		return b, invalid("Both targetGroupArn and loadBalancerName cannot be specified.")
	case b.Container == "":
		return b, invalid("Container Name can not be blank.")
	case in.ContainerPort == nil:
		return b, invalid("Container Port can not be blank.")
	}
	return b, Fits(r, d, b)
}

// Fits tells why tasks of a definition cannot be registered with a load balancer.
func Fits(r *world.Region, d *world.TaskDefinition, b world.ServiceBalancer) error {
	n := slices.IndexFunc(d.Containers, func(c world.ContainerSpec) bool { return c.Name == b.Container })
	if n < 0 {
		return invalid("The container %s does not exist in the task definition.", b.Container)
	}
	m := slices.IndexFunc(d.Containers[n].Ports, func(p world.PortBinding) bool { return p.Container == b.Port })
	if m < 0 {
		return invalid("The container %s did not have a container port %d defined.", b.Container, b.Port)
	}
	if b.Classic != "" {
		return fitsClassic(r, d, b, d.Containers[n].Ports[m].Host)
	}
	g, ok := r.Balancing.TargetGroups.Get(b.Group)
	own := definition.OwnInterface(d)
	switch {
	case !ok:
		return invalid("The target group with targetGroupArn %s does not exist.", b.Group)
	case g.LoadBalancer == "":
		return invalid("The target group with targetGroupArn %s does not have an associated load balancer.", b.Group)
	case own != (g.TargetType == "ip"):
		return invalid("The provided target group %s has target type %s, which is incompatible with the %s network mode specified in the task definition.",
			b.Group, g.TargetType, d.Network)
	}
	return nil
}

// fitsClassic checks a Classic Load Balancer: it sends to one port of the instance, which must be the container's.
func fitsClassic(r *world.Region, d *world.TaskDefinition, b world.ServiceBalancer, host int) error {
	lb, ok := r.Balancing.Classics.Get(b.Classic)
	switch {
	case definition.OwnInterface(d):
		return invalid("Classic Load Balancers are not supported with the awsvpc network mode specified in the task definition.")
	case !ok:
		return invalid("Unable to assume role and validate the listeners configured on your load balancer. " +
			"Please verify that the ECS service role being passed has the proper permissions.")
	case host == 0:
		return invalid("A host port mapping for the container port %d is required.", b.Port)
	case !slices.ContainsFunc(lb.Listeners, func(l world.ClassicListener) bool { return int(l.InstancePort) == host }):
		return invalid("The load balancer %s does not have a listener for the host port %d.", b.Classic, host)
	}
	return nil
}

// Role checks the role that ECS is to take for a service's load balancers.
func Role(w *world.World, d *world.TaskDefinition, balancers []world.ServiceBalancer, role string) error {
	if role == "" {
		return nil
	}
	switch {
	case len(balancers) == 0:
		return invalid("IAM roles are only valid for services configured to use load balancers.")
	case len(balancers) > 1 || definition.OwnInterface(d):
		return invalid("You cannot specify an IAM role for services that require a service linked role.")
	}
	if _, ok := w.IAM.Roles.Get(nameOf(role)); !ok {
		return invalid("Unable to assume role and validate the specified targetGroupArn. " +
			"Please verify that the ECS service role being passed has the proper permissions.")
	}
	return nil
}

// Grace checks how long a service overlooks failing targets of a new task, in seconds.
func Grace(balancers []world.ServiceBalancer, seconds *int32) error {
	switch {
	case seconds == nil:
		return nil
	case len(balancers) == 0:
		return invalid("Health check grace period is only valid for services configured to use load balancers")
	case *seconds < 0:
		return invalid("healthCheckGracePeriodSeconds cannot be negative.")
	}
	return nil
}

// View shows load balancers as descriptions have them.
func View(balancers []world.ServiceBalancer) []types.LoadBalancer {
	out := []types.LoadBalancer{}
	for _, b := range balancers {
		v := types.LoadBalancer{ContainerName: aws.String(b.Container), ContainerPort: aws.Int32(int32(b.Port))}
		if b.Classic != "" {
			v.LoadBalancerName = aws.String(b.Classic)
		} else {
			v.TargetGroupArn = aws.String(b.Group)
		}
		out = append(out, v)
	}
	return out
}

// nameOf is a role's name without the rest of its ARN.
func nameOf(arn string) string {
	for n := len(arn) - 1; n >= 0; n-- {
		if arn[n] == '/' {
			return arn[n+1:]
		}
	}
	return arn
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}
