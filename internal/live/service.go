package live

import (
	"time"

	"berth/internal/document"
)

// Service is an ECS service (ECS API reference, Service).
type Service struct {
	Name       string            `json:"name"`
	ARN        string            `json:"arn"`
	Status     string            `json:"status"` // ACTIVE, DRAINING, INACTIVE
	Daemon     bool              `json:"daemon,omitempty"`
	Desired    int               `json:"desired"`
	Running    int               `json:"running"`
	Pending    int               `json:"pending"`
	Definition string            `json:"definition"`          // ARN of the task definition that it is to run
	Spec       document.Value    `json:"spec,omitzero"`       // its settings, in CreateService's shape, without what AWS fills in alone
	Current    string            `json:"current,omitempty"`   // ARN of the service deployment under way; empty: none is
	Since      time.Time         `json:"since,omitzero"`      // when it was made
	Revisions  []RevisionRunning `json:"revisions,omitempty"` // what DescribeServices calls its deployments, the PRIMARY one first
	Events     []Event           `json:"events,omitempty"`    // newest first
	Tags       map[string]string `json:"tags,omitempty"`
}

// RevisionRunning is one of the revisions that a service has tasks of (ECS API reference, Deployment).
type RevisionRunning struct {
	ID         string    `json:"id"`     // "ecs-svc/" and digits, which is also the startedBy of its tasks
	Status     string    `json:"status"` // PRIMARY, ACTIVE, INACTIVE
	Definition string    `json:"definition"`
	Desired    int       `json:"desired"`
	Running    int       `json:"running"`
	Pending    int       `json:"pending"`
	Failed     int       `json:"failed"`            // tasks that failed to start, until one ran
	Rollout    string    `json:"rollout,omitempty"` // COMPLETED, FAILED, IN_PROGRESS
	Reason     string    `json:"reason,omitempty"`
	At         time.Time `json:"at,omitzero"` // when it was made
}

// Deployment is a service deployment: the change of a service from what it ran to one target revision (ECS API reference,
// ServiceDeployment).
type Deployment struct {
	ARN        string    `json:"arn"`
	Service    string    `json:"service"` // its name
	Status     string    `json:"status"`  // PENDING, IN_PROGRESS, SUCCESSFUL, STOPPED, STOP_REQUESTED, ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS, ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED
	Reason     string    `json:"reason,omitempty"`
	Target     string    `json:"target,omitempty"`     // ARN of the service revision that it brings
	Definition string    `json:"definition,omitempty"` // ARN of the task definition of that revision
	Sources    []string  `json:"sources,omitempty"`    // ARNs of the service revisions that it replaces
	Rollback   string    `json:"rollback,omitempty"`   // ARN of the service revision that it goes back to; empty: it does not
	BackTo     string    `json:"back_to,omitempty"`    // ARN of that revision's task definition
	Why        string    `json:"why,omitempty"`        // AWS's reason for going back
	Breaker    Breaker   `json:"breaker,omitzero"`
	Alarms     []string  `json:"alarms,omitempty"`    // names of the alarms that watch it
	Triggered  []string  `json:"triggered,omitempty"` // those that went off
	Created    time.Time `json:"created"`
	Started    time.Time `json:"started,omitzero"`
	Finished   time.Time `json:"finished,omitzero"`
	Stopped    time.Time `json:"stopped,omitzero"`
	Desired    int       `json:"desired"` // of the target revision
	Running    int       `json:"running"`
	Pending    int       `json:"pending"`
}

// Breaker is how far the deployment circuit breaker is (ECS API reference, ServiceDeploymentCircuitBreaker).
type Breaker struct {
	Status    string `json:"status,omitempty"` // TRIGGERED, MONITORING, MONITORING_COMPLETE, DISABLED
	Failures  int    `json:"failures,omitempty"`
	Threshold int    `json:"threshold,omitempty"`
}
