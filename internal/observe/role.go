package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type roleAnswers struct {
	roles        map[string]*types.Role    // by what it is for
	roleManaged  map[string][]string       // ARNs
	roleInline   map[string][]string       // names
	rolePolicies map[string][]model.Policy // documents
}

func roleRow() row {
	return row{model.KindRole, []func(*look) []call{roleCalls, roleDetailCalls, rolePolicyCalls}, foldRoles}
}

// roleNames are what the cluster's roles are for. Not every file asks for the rare ones; one may be left from another file.
func roleNames() (usual, rare []string) {
	return []string{"execution", "instance", "task"}, []string{"deployer", model.FlowLogRole}
}

// everyRole is all of roleNames.
func everyRole() []string {
	usual, rare := roleNames()
	return append(usual, rare...)
}

// roleCalls asks for the roles by their names: IAM cannot list by tags. Usual ones are asked for everything at once, rare
// ones first whether they are there, which makes one call more for a file without them and shows those that are left.
func roleCalls(l *look) []call {
	l.roles, l.roleManaged, l.roleInline = map[string]*types.Role{}, map[string][]string{}, map[string][]string{}
	l.rolePolicies = map[string][]model.Policy{}
	usual, _ := roleNames()
	var calls []call
	for _, what := range everyRole() {
		in := &iam.GetRoleInput{RoleName: aws.String(l.scope.RoleName(what))}
		calls = append(calls, fetch.Maybe(l, l.c.IAM.GetRole, in, func(out *iam.GetRoleOutput) { l.roles[what] = out.Role }))
	}
	for _, what := range usual {
		calls = append(calls, l.roleListCalls(what)...)
	}
	return calls
}

// roleListCalls ask which policies a role has.
func (l *look) roleListCalls(what string) []call {
	name := aws.String(l.scope.RoleName(what))
	return []call{
		fetch.Maybe(l, l.c.IAM.ListAttachedRolePolicies, &iam.ListAttachedRolePoliciesInput{RoleName: name}, func(out *iam.ListAttachedRolePoliciesOutput) {
			for _, p := range out.AttachedPolicies {
				l.roleManaged[what] = append(l.roleManaged[what], aws.ToString(p.PolicyArn))
			}
		}),
		fetch.Maybe(l, l.c.IAM.ListRolePolicies, &iam.ListRolePoliciesInput{RoleName: name}, func(out *iam.ListRolePoliciesOutput) {
			l.roleInline[what] = out.PolicyNames
		}),
	}
}

// roleDetailCalls asks for the documents of the usual roles' policies, and which policies the rare ones have.
func roleDetailCalls(l *look) []call {
	usual, rare := roleNames()
	calls := l.documentCalls(usual)
	for _, what := range rare {
		if l.roles[what] != nil {
			calls = append(calls, l.roleListCalls(what)...)
		}
	}
	return calls
}

func rolePolicyCalls(l *look) []call {
	_, rare := roleNames()
	return l.documentCalls(rare)
}

func (l *look) documentCalls(roles []string) []call {
	var calls []call
	for _, what := range roles {
		for _, policy := range l.roleInline[what] {
			in := &iam.GetRolePolicyInput{RoleName: aws.String(l.scope.RoleName(what)), PolicyName: aws.String(policy)}
			calls = append(calls, fetch.Maybe(l, l.c.IAM.GetRolePolicy, in, func(out *iam.GetRolePolicyOutput) {
				l.rolePolicies[what] = append(l.rolePolicies[what], model.Policy{Name: policy, Document: shape.PolicyText(out.PolicyDocument)})
			}))
		}
	}
	return calls
}

func foldRoles(l *look) {
	for _, what := range everyRole() {
		found := l.roles[what]
		if found == nil {
			continue
		}
		name := aws.ToString(found.RoleName)
		tags := shape.IAMTags(found.Tags)
		if _, ok := l.mine(tags, model.KindRole); !ok {
			l.stray(model.RoleKey(what), name, "IAM role "+name)
			continue
		}
		policies := l.rolePolicies[what]
		slices.SortFunc(policies, func(a, b model.Policy) int { return strings.Compare(a.Name, b.Name) })
		l.add(model.Role{
			What: what, Name: name, Path: aws.ToString(found.Path), Description: aws.ToString(found.Description),
			Trust: shape.PolicyText(found.AssumeRolePolicyDocument), Managed: slices.Sorted(slices.Values(l.roleManaged[what])),
			Inline: policies, Tags: tags.Own(),
		}, model.Handle{ID: name, ARN: aws.ToString(found.Arn)})
	}
}
