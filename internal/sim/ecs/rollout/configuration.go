package rollout

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Configure carries a deployment configuration over to a service; what is left out stays. What rolling deployments have not is
// refused, and so are bounds that ECS refuses.
func Configure(s *world.Service, in *types.DeploymentConfiguration) error {
	if in == nil {
		return nil
	}
	if what := unable(in); what != "" {
		return wire.Errorf("UnsupportedFeatureException", "%s is not available in this Region.", what)
	}
	least, most := s.MinHealthy, s.Max
	if in.MinimumHealthyPercent != nil {
		least = int(*in.MinimumHealthyPercent)
	}
	if in.MaximumPercent != nil {
		most = int(*in.MaximumPercent)
	}
	switch {
	case s.Daemon && most != 100:
		return invalid("The daemon scheduling strategy requires a maximumPercent of 100.")
	case least < 0 || least > 100:
		return invalid("minimumHealthyPercent must be between 0 and 100.")
	case most < 100:
		return invalid("maximumPercent must be at least 100.")
	}
	breaker, err := readBreaker(s.Breaker, in.DeploymentCircuitBreaker)
	if err != nil {
		return err
	}
	alarms, err := readAlarms(s.Alarms, in.Alarms)
	if err != nil {
		return err
	}
	s.MinHealthy, s.Max, s.Breaker, s.Alarms = least, most, breaker, alarms
	return nil
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

// unable names what of a deployment configuration the simulated ECS has not.
func unable(in *types.DeploymentConfiguration) string {
	switch {
	case in.Strategy != "" && in.Strategy != types.DeploymentStrategyRolling:
		return "The deployment strategy " + string(in.Strategy)
	case len(in.LifecycleHooks) > 0:
		return "A deployment lifecycle hook"
	case aws.ToInt32(in.BakeTimeInMinutes) != 0 || in.CanaryConfiguration != nil || in.LinearConfiguration != nil:
		return "A bake time"
	case in.EarlySuccessCriteria != nil:
		return "An early success criterion"
	}
	return ""
}

// readBreaker reads the circuit breaker's setting.
func readBreaker(old *world.CircuitBreaker, in *types.DeploymentCircuitBreaker) (*world.CircuitBreaker, error) {
	if in == nil {
		return old, nil
	}
	b := &world.CircuitBreaker{Enable: in.Enable, Rollback: in.Rollback, Keeps: in.ResetOnHealthyTask != nil && !*in.ResetOnHealthyTask}
	if t := in.ThresholdConfiguration; t != nil {
		b.Type, b.Value = string(t.Type), int(t.Value)
		if !slices.Contains(t.Type.Values(), t.Type) {
			return nil, invalid("Invalid threshold type %s. Valid values are: BOUNDED_PERCENT, UNBOUNDED_PERCENT, COUNT.", t.Type)
		}
		if b.Value < 1 {
			return nil, invalid("The threshold value of the deployment circuit breaker must be at least 1.")
		}
	}
	return b, nil
}

// readAlarms reads which alarms fail a deployment.
func readAlarms(old *world.DeploymentAlarms, in *types.DeploymentAlarms) (*world.DeploymentAlarms, error) {
	if in == nil {
		return old, nil
	}
	if in.Enable && len(in.AlarmNames) == 0 {
		return nil, invalid("alarmNames cannot be empty when alarms are enabled.")
	}
	return &world.DeploymentAlarms{Names: slices.Clone(in.AlarmNames), Enable: in.Enable, Rollback: in.Rollback}, nil
}
