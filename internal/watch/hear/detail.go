package hear

// detail holds what is read of the details of all kinds of events, so that an event is read once: their names do not meet. Times are
// texts, since one that makes no sense shall not spoil the rest.
type detail struct {
	ID string `json:"id"` // of a test

	// What several kinds have.
	Cluster    string      `json:"clusterArn"`
	Reason     string      `json:"reason"`
	Status     string      `json:"status"`
	Created    string      `json:"createdAt"`
	Updated    string      `json:"updatedAt"`
	Instance   string      `json:"containerInstanceArn"`
	Attributes []attribute `json:"attributes"`

	// A task (ECS developer guide, "Amazon ECS task state change events"; ECS API reference, Task).
	Task       string      `json:"taskArn"`
	Group      string      `json:"group"`
	StartedBy  string      `json:"startedBy"`
	Definition string      `json:"taskDefinitionArn"`
	Last       string      `json:"lastStatus"`
	Desired    string      `json:"desiredStatus"`
	StopCode   string      `json:"stopCode"`
	Stop       string      `json:"stoppedReason"`
	Zone       string      `json:"availabilityZone"`
	Memory     string      `json:"memory"`
	Agent      string      `json:"connectivity"` // of the instance's agent: CONNECTED, DISCONNECTED
	Started    string      `json:"startedAt"`
	Stopping   string      `json:"stoppingAt"`
	Stopped    string      `json:"stoppedAt"`
	Containers []container `json:"containers"`

	// A service or a deployment (ECS developer guide, "Amazon ECS service action events" and "Amazon ECS service deployment state
	// change events").
	Type       string   `json:"eventType"` // INFO, WARN, ERROR
	Event      string   `json:"eventName"`
	Deployment string   `json:"deploymentId"`
	Service    string   `json:"serviceArn"` // where it is not among the resources
	Closest    []string `json:"containerInstanceArns"`

	// A container instance (ECS developer guide, "Amazon ECS container instance state change events").
	Machine      string `json:"ec2InstanceId"` // Auto Scaling says "EC2InstanceId", which is read as the same
	StatusReason string `json:"statusReason"`
	Connected    *bool  `json:"agentConnected"`
	Running      *int   `json:"runningTasksCount"`
	Versions     struct {
		Agent string `json:"agentVersion"`
	} `json:"versionInfo"`

	// A launch or a termination (Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference").
	ScalingGroup string `json:"AutoScalingGroupName"`
	Activity     string `json:"ActivityId"`
	Message      string `json:"StatusMessage"`
	Cause        string `json:"Cause"`
	End          string `json:"EndTime"`
	Details      struct {
		Zone string `json:"Availability Zone"`
	} `json:"Details"`
}

// container is a container of a task.
type container struct {
	Name   string `json:"name"`
	Image  string `json:"image"`
	Last   string `json:"lastStatus"`
	Reason string `json:"reason"`
	Exit   *int   `json:"exitCode"`
	Memory string `json:"memory"` // its hard limit, MiB
}

type attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
