package sim

import (
	"slices"
	"strings"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// limit refuses a call that is one too many: AWS's token buckets per account, region and operation or class (EC2
// developer guide and ECS developer guide, "Request throttling"; the limits of the others are not published).
func limit(w *world.World, env wire.Envelope) error {
	class, rate := budget(env)
	if w.Take(env.Region+" "+env.Service+" "+class, rate, 1) {
		return nil
	}
	return throttled(env.Service)
}

// throttled is how a service says that it was one call too many.
func throttled(service string) error {
	switch service {
	case "ec2":
		return wire.Errorf("RequestLimitExceeded", "Request limit exceeded.").WithStatus(503)
	case "ecs", "ssm", "logs":
		return wire.Errorf("ThrottlingException", "Rate exceeded")
	case "servicequotas":
		return wire.Errorf("TooManyRequestsException", "Rate exceeded").WithStatus(429)
	case "s3":
		return wire.Errorf("SlowDown", "Please reduce your request rate.").WithStatus(503)
	}
	return wire.Errorf("Throttling", "Rate exceeded")
}

func budget(env wire.Envelope) (class string, rate world.Rate) {
	switch env.Service {
	case "ec2":
		return env.Operation, ec2Rate(env.Operation)
	case "ecs":
		return ecsRate(env.Operation)
	case "s3":
		return "", world.Rate{Burst: 3500, PerSecond: 3500}
	case "ssm":
		return "", world.Rate{Burst: 40, PerSecond: 40}
	}
	if world.Reads(env.Operation) {
		return "read", world.Rate{Burst: 100, PerSecond: 20}
	}
	return "write", world.Rate{Burst: 50, PerSecond: 5}
}

// ec2Rate is the bucket of one EC2 operation; each operation has its own.
func ec2Rate(op string) world.Rate {
	switch {
	case world.Reads(op) || strings.HasPrefix(op, "Search"):
		return world.Rate{Burst: 100, PerSecond: 20}
	case op == "RunInstances" || op == "StartInstances":
		return world.Rate{Burst: 5, PerSecond: 2}
	case op == "CreateTags" || op == "DeleteTags":
		return world.Rate{Burst: 100, PerSecond: 10}
	case op == "CreateNatGateway" || op == "DeleteNatGateway":
		return world.Rate{Burst: 10, PerSecond: 1}
	case op == "CreateVpcEndpoint" || op == "DeleteVpcEndpoints":
		return world.Rate{Burst: 4, PerSecond: 0.3}
	case slices.Contains([]string{
		"TerminateInstances", "CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "CreateNetworkInterface", "AssociateIamInstanceProfile",
	}, op):
		return world.Rate{Burst: 100, PerSecond: 5}
	}
	return world.Rate{Burst: 50, PerSecond: 5}
}

// ecsRate is the class of an ECS operation, whose operations share one bucket, and its rate.
func ecsRate(op string) (string, world.Rate) {
	read := world.Reads(op)
	of := func(class string, readRate, writeRate world.Rate) (string, world.Rate) {
		if read {
			return class + " read", readRate
		}
		return class + " modify", writeRate
	}
	mid := world.Rate{Burst: 50, PerSecond: 20}
	low := world.Rate{Burst: 20, PerSecond: 1}
	switch {
	case strings.Contains(op, "CapacityProvider") && !strings.Contains(op, "Cluster"):
		return of("capacity provider", mid, world.Rate{Burst: 10, PerSecond: 1})
	case strings.Contains(op, "TaskDefinition"):
		return of("task definition", mid, low)
	case strings.Contains(op, "TagResource") || strings.Contains(op, "TagsForResource"):
		return of("tag", mid, world.Rate{Burst: 20, PerSecond: 10})
	case strings.Contains(op, "AccountSetting"):
		return of("setting", mid, world.Rate{Burst: 10, PerSecond: 1})
	case op == "RegisterContainerInstance" || strings.HasPrefix(op, "Submit"):
		return "agent", world.Rate{Burst: 200, PerSecond: 120}
	case strings.Contains(op, "ContainerInstance") || strings.Contains(op, "Task") || strings.Contains(op, "Attributes"):
		return of("cluster resource", world.Rate{Burst: 100, PerSecond: 20}, world.Rate{Burst: 100, PerSecond: 40})
	case strings.Contains(op, "Service"):
		return of("service", world.Rate{Burst: 100, PerSecond: 20}, world.Rate{Burst: 50, PerSecond: 5})
	}
	return of("cluster", mid, low)
}
