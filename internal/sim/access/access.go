// Package access is AWS's decision whether a caller may do what it asks for.
//
// In go an identity's policy as JSON, and decoded requests with the world that they would act on. Out comes nothing where the
// policy allows all that AWS evaluates for the request (service authorization reference: the actions, which need not be the
// operation's own, the resources, the keys of the context), else AWS's refusal, in the code and words of the service that was
// called; and in the end which rules of the policy were ever needed.
//
// It must never change the world, and never guess: a condition key that it does not know makes the policy unfit.
package access

import (
	"strings"

	"berth/internal/sim/policy"
	"berth/internal/sim/world"
)

// Policy is what a caller may do. It is not safe for concurrent use: the simulation asks it one call at a time.
type Policy struct {
	identity *policy.Identity
	used     map[policy.Rule]int
}

// New reads a policy; what is wrong with the text is a *policy.Fault, which says where.
func New(text string) (*Policy, error) {
	identity, err := policy.ParseIdentity(text)
	if err != nil {
		return nil, err
	}
	if err := identity.Unknown(knownKey); err != nil {
		return nil, err
	}
	return &Policy{identity, map[policy.Rule]int{}}, nil
}

// Check refuses a call that the policy does not allow; in is the operation's decoded input. Without a policy all may be.
func (p *Policy) Check(c *world.Call, in any) error {
	if p == nil {
		return nil
	}
	for _, n := range needs(c, in) {
		if n.missing() {
			continue
		}
		verdict, by := p.identity.Judge(policy.Request{Account: world.Account, Action: n.action, Resource: n.resource, Key: n.key})
		if verdict != policy.Allowed {
			return refusal(c, n, verdict)
		}
		p.used[by]++
	}
	return nil
}

// Rules are all actions of all statements of the policy, and how often each was what let a call pass.
func (p *Policy) Rules() map[policy.Rule]int {
	out := map[policy.Rule]int{}
	for _, r := range p.identity.Rules() {
		out[r] = p.used[r]
	}
	return out
}

// need is one thing that AWS evaluates for a call.
type need struct {
	*world.Call
	action   string
	resource string            // ARN, or "*" where the action has no resources
	in       any               // the input, whose tags are those of what is made
	made     bool              // EC2: the resource does not stand yet, so it has the request's tags and none of its own
	also     map[string]string // keys of the context that the action alone has, in lower case
}

// knownKey tells whether a condition key is one that needs know.
func knownKey(key string) bool {
	key = strings.ToLower(key)
	for _, family := range []string{"aws:requesttag/", "aws:resourcetag/"} {
		if strings.HasPrefix(key, family) {
			return true
		}
	}
	if service, rest, ok := strings.Cut(key, ":"); ok && strings.HasPrefix(rest, "resourcetag/") {
		return strings.Contains(" ec2 autoscaling elasticloadbalancing ecs iam ", " "+service+" ")
	}
	return strings.Contains(knownKeys, " "+key+" ")
}

// knownKeys are the condition keys without a tag's name in them.
const knownKeys = " aws:requestedregion aws:principalarn aws:principalaccount aws:principaltype aws:username aws:userid " +
	"ec2:region ec2:createaction ec2:vpc ec2:launchtemplate ec2:islaunchtemplateresource elasticloadbalancing:createaction " +
	"ecs:createaction ecs:cluster iam:awsservicename iam:passedtoservice iam:policyarn s3:resourceaccount " +
	"kms:calleraccount sns:protocol sns:endpoint events:targetarn secretsmanager:name "

// key finds a key of the context.
func (n need) key(name string) (string, bool) {
	name = strings.ToLower(name)
	if v, ok := n.also[name]; ok {
		return v, true
	}
	family, tag, of := strings.Cut(name, "/")
	switch {
	case of && family == "aws:requesttag":
		if service(n.action) == "ec2" && !n.made && !strings.HasSuffix(n.action, "Tags") {
			return "", false
		}
		return folded(requestTags(n.in, n.kind()), tag)
	case of && strings.HasSuffix(family, ":resourcetag"):
		if n.made {
			return "", false
		}
		return folded(tagsOf(n.Call, n.resource), tag)
	}
	return n.global(name)
}

// global finds the keys that every request has.
func (n need) global(name string) (string, bool) {
	switch name {
	case "aws:requestedregion":
		if s := service(n.action); s == "iam" || s == "sts" {
			return "us-east-1", true // where the one endpoint of global services is
		}
		return n.Region.Name, true
	case "ec2:region":
		return n.Region.Name, service(n.action) == "ec2"
	case "aws:principalarn":
		return world.CallerARN, true
	case "aws:principalaccount", "s3:resourceaccount", "kms:calleraccount":
		return world.Account, true
	case "aws:principaltype":
		return "User", true
	case "aws:username":
		return world.CallerName, true
	case "aws:userid":
		return world.CallerID, true
	case "ec2:vpc":
		return vpcOf(n.Call, n.resource)
	}
	return "", false
}

// kind is the kind of an EC2 resource by its ARN: "vpc", "elastic-ip".
func (n need) kind() string {
	_, rest, _ := strings.Cut(n.resource, world.Account+":")
	kind, _, _ := strings.Cut(rest, "/")
	return kind
}

// service is the prefix of an action.
func service(action string) string {
	s, _, _ := strings.Cut(action, ":")
	return s
}

// folded finds a tag whose key is the wanted one but for its case.
func folded(tags world.Tags, key string) (string, bool) {
	for _, t := range tags {
		if strings.EqualFold(t.Key, key) {
			return t.Value, true
		}
	}
	return "", false
}
