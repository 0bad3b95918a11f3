package sim

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// charge is what a call takes from one token bucket. Buckets are per account, region and service.
type charge struct {
	bucket string
	rate   world.Rate
	tokens float64
}

// limit refuses a call that is one too many (EC2 developer guide and ECS developer guide, "Request throttling"; the
// limits of the others are not published).
func limit(w *world.World, env wire.Envelope, in any) error {
	for _, c := range charges(env, in) {
		if !w.Take(env.Region+" "+env.Service+" "+c.bucket, c.rate, c.tokens) {
			return throttled(env.Service)
		}
	}
	return nil
}

// throttled is how a service says that it was one call too many.
func throttled(service string) error {
	switch service {
	case "ec2":
		return wire.Errorf("RequestLimitExceeded", "Request limit exceeded.").WithStatus(503)
	case "ecs", "ecr", "ssm", "logs", "events", "kms", "secretsmanager":
		return wire.Errorf("ThrottlingException", "Rate exceeded")
	case "servicequotas":
		return wire.Errorf("TooManyRequestsException", "Rate exceeded")
	case "s3":
		return wire.Errorf("SlowDown", "Please reduce your request rate.").WithStatus(503)
	}
	return wire.Errorf("Throttling", "Rate exceeded")
}

func charges(env wire.Envelope, in any) []charge {
	switch env.Service {
	case "ec2":
		return ec2Charges(env.Operation, in)
	case "ecs":
		return []charge{ecsCharge(env.Operation)}
	case "s3":
		return []charge{one("all", 3500, 3500)}
	case "ssm":
		return []charge{one("all", 40, 40)}
	case "sqs":
		return nil // standard queues take nearly any number of calls
	case "events", "sns", "kms", "secretsmanager":
		return []charge{messagingCharge(env.Service, env.Operation)}
	}
	if world.Reads(env.Operation) {
		return []charge{one("read", 100, 20)}
	}
	return []charge{one("write", 50, 5)}
}

// one is a token from a bucket that holds burst of them and gets perSecond of them back.
func one(bucket string, burst, perSecond float64) charge {
	return charge{bucket, world.Rate{Burst: burst, PerSecond: perSecond}, 1}
}
