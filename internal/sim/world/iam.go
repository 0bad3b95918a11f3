package world

import "time"

// IAM is the state of roles, policies and instance profiles; it is global.
type IAM struct {
	Roles    Table[Role]            // by name
	Profiles Table[InstanceProfile] // by name
	Policies Table[Policy]          // the customer's own, by ARN
}

// Role is an identity that a service or an instance takes on. Service-linked roles are rows too.
type Role struct {
	Name, ID, ARN, Path string
	Description         string
	Trust               string // the trust policy as it was put: JSON
	MaxSession          int    // seconds
	Boundary            string // the ARN of the permissions boundary; empty for none
	Tags                Tags
	Inline              Table[InlinePolicy] // by name
	Attached            []string            // ARNs of managed policies, in the order in which they were attached
	Created             time.Time
	Service             string // of a service-linked role: the service it belongs to
}

// InlinePolicy is a policy that lives in one role.
type InlinePolicy struct{ Name, Document string }

// InstanceProfile hands a role to instances; it holds at most one.
type InstanceProfile struct {
	Name, ID, ARN, Path string
	Roles               []string // names
	Tags                Tags
	Created             time.Time
	Visible             time.Time // when EC2 begins to see the profile with its role; IAM itself sees it at once
}

// Policy is a customer-managed policy.
type Policy struct {
	Name, ID, ARN, Path string
	Description         string
	Default             string          // the id of the version in force
	Versions            []PolicyVersion // oldest first
	Issued              int             // version numbers given so far; none is given twice
	Tags                Tags
	Created, Updated    time.Time
}

// PolicyVersion is one text of a customer-managed policy.
type PolicyVersion struct {
	ID       string // "v1"
	Document string
	Created  time.Time
}

// The caller of every operation: one IAM user, whatever access key signs (CallerID has IAM's form of a user's unique id).
const (
	CallerName = "berth"
	CallerID   = "AIDAQ3EGRIEZ7TBQLZ5QH"
	CallerARN  = "arn:aws:iam::" + Account + ":user/" + CallerName
)

// ServiceUsed is the event by which a service tells IAM that somebody used it; ID is its principal ("ecs.amazonaws.com").
const ServiceUsed Kind = "iam.service-used"

// Used tells IAM that a service was used, which makes the service's own role unless it is there. A world without IAM, as
// in the tests of one service, has nobody to tell.
func (w *World) Used(principal string) {
	if len(w.handlers[ServiceUsed]) > 0 {
		w.Schedule(0, Event{Kind: ServiceUsed, ID: principal})
	}
}
