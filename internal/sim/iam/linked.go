package iam

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// linkedPath begins the path of every service-linked role; the service's name follows.
const linkedPath = "/aws-service-role/"

// Handlers makes the roles of services that were used. Services do not import each other sideways, so that this is data
// on the queue.
func Handlers() world.Handlers {
	return world.Handlers{world.ServiceUsed: {func(w *world.World, e world.Event) { EnsureServiceLinkedRole(w, e.ID) }}}
}

// linked says which role a service has for itself.
type linked struct {
	service, role, policy, description string
	suffix                             bool // further ones can be made with a suffix
}

// linkedRoles is the table of services with a role of their own ("AWS services that work with IAM").
func linkedRoles() []linked {
	return []linked{
		{"ecs.amazonaws.com", "AWSServiceRoleForECS", "AmazonECSServiceRolePolicy", "Role to enable Amazon ECS to manage your cluster.", false},
		{
			"autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling", "AutoScalingServiceRolePolicy",
			"Default Service-Linked Role enables access to AWS Services and Resources used or managed by Auto Scaling", true,
		},
		{
			"elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing", "AWSElasticLoadBalancingServiceRolePolicy",
			"Allows ELB to call AWS services on your behalf.", false,
		},
		{"spot.amazonaws.com", "AWSServiceRoleForEC2Spot", "AWSEC2SpotServiceRolePolicy", "Default EC2 Spot Service Linked Role", false},
		{
			"ecs.application-autoscaling.amazonaws.com", "AWSServiceRoleForApplicationAutoScaling_ECSService",
			"AWSApplicationAutoscalingECSServicePolicy", "", false,
		},
	}
}

// EnsureServiceLinkedRole makes the role of a service ("ecs.amazonaws.com") unless it is there, as services do on
// first use, and gives its ARN; empty for a service that has none.
func EnsureServiceLinkedRole(w *world.World, service string) string {
	for _, l := range linkedRoles() {
		if l.service != service {
			continue
		}
		if r, ok := w.IAM.Roles.Get(l.role); ok {
			return r.ARN
		}
		return makeLinked(w, l, l.role, l.description).ARN
	}
	return ""
}

func makeLinked(w *world.World, l linked, name, description string) *world.Role {
	path := linkedPath + l.service + "/"
	r := &world.Role{
		Name: name, ID: uniqueID(w, "AROA"), ARN: arn("role", path, name), Path: path, Description: description,
		Trust: trustOf(l.service), MaxSession: 3600, Attached: []string{managedPrefix + linkedPath + l.policy},
		Created: w.Now(), Service: l.service,
	}
	w.IAM.Roles.Put(name, r)
	return r
}

// trustOf is the trust policy that lets one service take a role on.
func trustOf(service string) string {
	type principal struct{ Service string }
	type allow struct {
		Effect    string
		Principal principal
		Action    string
	}
	b, err := json.Marshal(struct {
		Version   string
		Statement []allow
	}{"2012-10-17", []allow{{"Allow", principal{service}, "sts:AssumeRole"}}})
	if err != nil { // strings always become JSON
		return "{}"
	}
	return string(b)
}

// CreateServiceLinkedRole makes a service's role by hand.
func CreateServiceLinkedRole(c *world.Call, in *iam.CreateServiceLinkedRoleInput) (*iam.CreateServiceLinkedRoleOutput, error) {
	service, err := required("aWSServiceName", in.AWSServiceName)
	if err != nil {
		return nil, err
	}
	for _, l := range linkedRoles() {
		if l.service == service {
			return createLinked(c, l, in)
		}
	}
	return nil, wire.Errorf("InvalidInput", "Service Linked Role Template not found for %s", service)
}

func createLinked(c *world.Call, l linked, in *iam.CreateServiceLinkedRoleInput) (*iam.CreateServiceLinkedRoleOutput, error) {
	name, description := l.role, l.description
	if suffix := aws.ToString(in.CustomSuffix); suffix != "" {
		if !l.suffix {
			return nil, wire.Errorf("InvalidInput", "Custom suffix is not allowed for %s", l.service)
		}
		name += "_" + suffix
	}
	if taken(&c.IAM.Roles, name) {
		return nil, wire.Errorf("InvalidInput", "Service role name %s has been taken in this account, please try a different suffix.", name)
	}
	if in.Description != nil {
		description = *in.Description
	}
	return &iam.CreateServiceLinkedRoleOutput{Role: fullRole(makeLinked(c.World, l, name, description))}, nil
}
