// Package permit is the catalogue of what the tool asks of AWS, and the least that IAM must allow for it.
//
// In go a verb and the names of a cluster. Out comes the policy document that lets an identity run that verb on that cluster, and
// for a permission that was missing the one statement that grants it. Every operation that the tool calls has a row here: the
// actions that IAM evaluates for it (service authorization reference), where they are allowed, and which verbs need them.
//
// It must never allow more than a row needs, and never ask AWS or look at what stands: a policy is written before anything does.
package permit

import (
	"slices"
	"strings"

	"berth/internal/model"
)

// Cluster names what a policy is for. Without an account the account field of all ARNs is "*".
type Cluster struct {
	model.Scope
	LogPrefix string   // how the names of the cluster's log groups begin
	VPC       Borrowed // of others, where the cluster has none of its own
	Subnets   Borrowed // of that VPC, for instances

	AlertQueues  []string // ARNs of queues of others that are told
	AlertTopics  []string // ARNs of topics of others that are told
	GivenSecrets []string // ARNs of secrets of others that hold logins
	TaskRoles    []string // ARNs of roles of others that system containers take on
}

// Borrowed is what others have made and the cluster uses, by ids or by tags.
type Borrowed struct {
	IDs  []string
	Tags model.Tags
}

// phase is what a call is for.
type phase int

const (
	look    phase = 1 << iota // to compare AWS with the file
	closer                    // to show instances with their agents and images
	quotas                    // to hold a plan against the account's quotas
	compare                   // to compare what is stored with what shall be
	change                    // to make and change what the file says
	leave                     // to take away what the file no longer says
	end                       // to take away what stands as long as the cluster
	tenants                   // to find and end what others run in the cluster
	offer                     // to see what the cluster gives to a service, and what of its needs stands
	provide                   // to make, change and take away what a service needs
	lock                      // to be the only one at work
	inquire                   // to find out why something failed
	glance                    // to see how services are
	weigh                     // to see what is wrong with them, and what a lost zone would leave
	peek                      // to compare what the agents read, without the lock, under which all of the bucket is read
	follow                    // to see how a service is, change its revision, and be the only one at it
	ship                      // to deploy a service, or run a task
	foresee                   // to find beforehand what would keep a deployment from a good end
	attend                    // to hear what happens, remember it, and look for what no event tells
	utter                     // to tell topics of others
	try                       // to send a test message, and see who would get it
	recall                    // to see what a watcher knows
	replace                   // to replace instances, remember how far that is, and be the only one at work
	never                     // what berth can do and no file makes it do: the other side of what always is as it is
)

// verbs are the verbs that ask AWS anything, with what they do.
func verbs() map[string]phase {
	return map[string]phase{
		"deploy":   offer | provide | follow | ship | inquire | foresee,
		"ami":      look | closer | lock,
		"apply":    look | closer | quotas | compare | change | leave | lock,
		"destroy":  look | closer | leave | end | tenants | lock,
		"diagram":  look,
		"outputs":  look,
		"plan":     look | quotas | compare | peek,
		"roll":     look | replace,
		"rollback": follow | inquire,
		"services": glance | weigh,
		"status":   look | closer | glance | recall,
		"alerts":   utter | try,
		"watch":    weigh | glance | inquire | attend | utter,
		"why":      inquire,
	}
}

// Verbs are the verbs that need permissions, sorted.
func Verbs() []string {
	var out []string
	for v := range verbs() { // unordered: sorted below
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

// row is one operation that the tool calls.
type row struct {
	operation string // "EC2.CreateVpc": service and operation as the SDK names them
	phase     phase
	grants    []grant // none: IAM asks for nothing
}

// grant is an action and where it must be allowed.
type grant struct {
	action string
	in     place
}

// catalogue is every operation that the tool calls.
func catalogue() []row {
	return slices.Concat(networkRows(), launchRows(), groupRows(), balancingRows(), containerRows(), identityRows(), bucketRows(), messagingRows(), secretRows(), serviceRows(), rolloutRows(), inquiryRows(), foresightRows(), overviewRows(), watchRows(), rollRows(), elseRows())
}

// Operations are all operations that have a row, as "EC2.CreateVpc", sorted.
func Operations() []string { return operations(^phase(0)) }

// Calls are the operations that a verb may call, sorted; none for a verb that asks AWS nothing.
func Calls(verb string) []string { return operations(verbs()[verb]) }

func operations(p phase) []string {
	var out []string
	for _, r := range catalogue() {
		if r.phase&p != 0 {
			out = append(out, r.operation)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rows makes rows for operations of one service that are alike: each needs the action of its own name, in every one of the
// places, and the tags of what is made where it says so.
func rows(service string, p phase, operations string, places ...place) []row {
	var out []row
	for op := range strings.FieldsSeq(operations) {
		r := row{operation: service + "." + op, phase: p}
		for _, at := range places {
			action := prefix(service) + ":" + op
			if at == ec2Tag {
				action = "ec2:CreateTags"
			}
			r.grants = append(r.grants, grant{action, at})
		}
		out = append(out, r)
	}
	return out
}

// one makes a row for an operation whose actions are not its own name, or not only; each grant is an action and a place.
func one(operation string, p phase, grants ...grant) row { return row{operation, p, grants} }

// prefix is a service's name in actions, by its name in the SDK.
func prefix(service string) string {
	switch service {
	case "Auto Scaling":
		return "autoscaling"
	case "Elastic Load Balancing", "Elastic Load Balancing v2":
		return "elasticloadbalancing"
	case "CloudWatch Logs":
		return "logs"
	case "Service Quotas":
		return "servicequotas"
	case "EventBridge":
		return "events"
	case "Secrets Manager":
		return "secretsmanager"
	}
	return strings.ToLower(service)
}
