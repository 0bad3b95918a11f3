package world

import "time"

// DeploymentAlarms are the CloudWatch alarms that fail a deployment.
type DeploymentAlarms struct {
	Names            []string
	Enable, Rollback bool
}

// ServiceRevision is what a service was when a deployment of it began. It never changes.
type ServiceRevision struct {
	ARN        string
	Definition string // "family:revision"
	LaunchType string
	Strategy   []StrategyItem
	Network    *TaskNetwork
	Balancers  []ServiceBalancer
	CreatedAt  time.Time
}

// ServiceDeployment is the record of one deployment of a service, kept after it ended.
type ServiceDeployment struct {
	ARN            string
	Deployment     string // "ecs-svc/" and 19 digits
	Status, Reason string // "PENDING", "IN_PROGRESS", "SUCCESSFUL", …
	Sources        []string
	Target         string // ARNs of revisions
	MinHealthy     int
	Max            int // percent, as they were when it began
	Breaker        *CircuitBreaker
	Alarms         *DeploymentAlarms
	Failures       int // that the circuit breaker counted
	Threshold      int
	BreakerStatus  string // "DISABLED", "MONITORING", "TRIGGERED", "MONITORING_COMPLETE"
	AlarmStatus    string
	Triggered      []string // alarms

	RollbackReason, RollbackTo string // a revision's ARN; empty: there was no rollback
	RollbackAt                 time.Time

	CreatedAt, StartedAt, UpdatedAt, FinishedAt, StoppedAt time.Time
}
