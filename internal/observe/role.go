package observe

import (
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/model"
)

type roleAnswers struct {
	roles        map[string]*types.Role    // by what it is for
	roleManaged  map[string][]string       // ARNs
	roleInline   map[string][]string       // names
	rolePolicies map[string][]model.Policy // documents
}

func roleRow() row {
	return row{model.KindRole, []func(*look) []call{roleCalls, rolePolicyCalls, rareRolePolicyCalls}, foldRoles}
}

// roleNames are what the cluster's roles are for that every file has.
func roleNames() []string { return []string{"execution", "instance", "task"} }

// rareRoles are what the roles are for that few files have: more than one call is made only for those that are there.
func rareRoles() []string { return []string{model.FlowLogRole} }

// roleCalls asks for the roles by their names: IAM cannot list by tags. Four calls for each role, in two rounds.
func roleCalls(l *look) []call {
	l.roles, l.roleManaged, l.roleInline = map[string]*types.Role{}, map[string][]string{}, map[string][]string{}
	l.rolePolicies = map[string][]model.Policy{}
	var calls []call
	for _, what := range roleNames() {
		calls = append(append(calls, l.roleCall(what)), l.rolePolicyNames(what)...)
	}
	for _, what := range rareRoles() {
		calls = append(calls, l.roleCall(what))
	}
	return calls
}

func (l *look) roleCall(what string) call {
	in := &iam.GetRoleInput{RoleName: aws.String(l.scope.RoleName(what))}
	return maybe(l, l.c.IAM.GetRole, in, func(out *iam.GetRoleOutput) { l.roles[what] = out.Role })
}

// rolePolicyNames asks which policies a role has: AWS's own and its inline ones.
func (l *look) rolePolicyNames(what string) []call {
	name := aws.String(l.scope.RoleName(what))
	return []call{
		maybe(l, l.c.IAM.ListAttachedRolePolicies, &iam.ListAttachedRolePoliciesInput{RoleName: name}, func(out *iam.ListAttachedRolePoliciesOutput) {
			for _, p := range out.AttachedPolicies {
				l.roleManaged[what] = append(l.roleManaged[what], aws.ToString(p.PolicyArn))
			}
		}),
		maybe(l, l.c.IAM.ListRolePolicies, &iam.ListRolePoliciesInput{RoleName: name}, func(out *iam.ListRolePoliciesOutput) {
			l.roleInline[what] = out.PolicyNames
		}),
	}
}

func rolePolicyCalls(l *look) []call {
	var calls []call
	for _, what := range roleNames() {
		calls = append(calls, l.rolePolicyTexts(what)...)
	}
	for _, what := range rareRoles() {
		if l.roles[what] != nil {
			calls = append(calls, l.rolePolicyNames(what)...)
		}
	}
	return calls
}

func rareRolePolicyCalls(l *look) []call {
	var calls []call
	for _, what := range rareRoles() {
		calls = append(calls, l.rolePolicyTexts(what)...)
	}
	return calls
}

func (l *look) rolePolicyTexts(what string) []call {
	var calls []call
	for _, policy := range l.roleInline[what] {
		in := &iam.GetRolePolicyInput{RoleName: aws.String(l.scope.RoleName(what)), PolicyName: aws.String(policy)}
		calls = append(calls, maybe(l, l.c.IAM.GetRolePolicy, in, func(out *iam.GetRolePolicyOutput) {
			l.rolePolicies[what] = append(l.rolePolicies[what], model.Policy{Name: policy, Document: policyText(out.PolicyDocument)})
		}))
	}
	return calls
}

// policyText reads a policy as IAM hands it out: percent-encoded.
func policyText(doc *string) string {
	text, err := url.PathUnescape(aws.ToString(doc))
	if err != nil {
		text = aws.ToString(doc)
	}
	return model.CanonicalJSON(text)
}

func foldRoles(l *look) {
	for _, what := range slices.Concat(roleNames(), rareRoles()) {
		found := l.roles[what]
		if found == nil {
			continue
		}
		name := aws.ToString(found.RoleName)
		tags := iamTags(found.Tags)
		if _, ok := l.mine(tags, model.KindRole); !ok {
			l.stray(model.RoleKey(what), name, "IAM role "+name)
			continue
		}
		policies := l.rolePolicies[what]
		slices.SortFunc(policies, func(a, b model.Policy) int { return strings.Compare(a.Name, b.Name) })
		l.add(model.Role{
			What: what, Name: name, Path: aws.ToString(found.Path), Description: aws.ToString(found.Description),
			Trust: policyText(found.AssumeRolePolicyDocument), Managed: slices.Sorted(slices.Values(l.roleManaged[what])),
			Inline: policies, Tags: tags.Own(),
		}, model.Handle{ID: name, ARN: aws.ToString(found.Arn)})
	}
}

func iamTags(tags []types.Tag) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}
