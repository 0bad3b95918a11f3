package iam

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestPolicyDocumentsAreChecked(t *testing.T) {
	tests := map[string]struct{ doc, message string }{
		"good list":        {`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":["s3:Get*","ec2:*"],"Resource":["arn:aws:s3:::b/*"]}]}`, ""},
		"good single":      {allowS3, ""},
		"good condition":   {`{"Statement":{"Effect":"Deny","NotAction":"iam:*","NotResource":"arn:aws:s3:::b","Condition":{"StringEquals":{"aws:x":["y"]}}}}`, ""},
		"no JSON":          {`{"Statement":`, "Syntax errors in policy."},
		"no statement":     {`{"Version":"2012-10-17"}`, "Syntax errors in policy."},
		"unknown element":  {`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Colour":"red"}}`, "Syntax errors in policy."},
		"odd effect":       {`{"Statement":{"Effect":"Maybe","Action":"s3:*","Resource":"*"}}`, "Syntax errors in policy."},
		"odd version":      {`{"Version":"2020-01-01","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`, "The policy must contain a valid version string"},
		"no action":        {`{"Statement":{"Effect":"Allow","Resource":"*"}}`, "Policy statement must contain actions."},
		"bare action":      {`{"Statement":{"Effect":"Allow","Action":"Get","Resource":"*"}}`, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		"no resource":      {`{"Statement":{"Effect":"Allow","Action":"s3:*"}}`, "Policy statement must contain resources."},
		"resource no ARN":  {`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}}`, `Resource bucket must be in ARN format or "*".`},
		"with a principal": {strings.Replace(trustEC2, `"Action"`, `"Resource":"*","Action"`, 1), "Policy document should not specify a principal."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := identityDocument(aws.String(tt.doc))
			if tt.message == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refused(t, err, "MalformedPolicyDocument", 400, tt.message)
		})
	}
}

func TestTrustPoliciesAreChecked(t *testing.T) {
	statement := func(s string) string { return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + s + `}]}` }
	tests := map[string]struct{ doc, message string }{
		"service":       {trustEC2, ""},
		"account":       {statement(`"Action":"sts:AssumeRole","Principal":{"AWS":["arn:aws:iam::123456789012:root","210987654321"]}`), ""},
		"no JSON":       {`nonsense`, "This policy contains invalid Json"},
		"resource":      {statement(`"Action":"sts:AssumeRole","Principal":"*","Resource":"*"`), "Has prohibited field Resource"},
		"no principal":  {statement(`"Action":"sts:AssumeRole"`), "AssumeRole policy must contain principals"},
		"other action":  {statement(`"Action":"s3:Get","Principal":"*"`), "AssumeRole policy may only specify STS AssumeRole actions."},
		"odd service":   {statement(`"Action":"sts:AssumeRole","Principal":{"Service":"ec2"}`), `Invalid principal in policy: "SERVICE":"ec2"`},
		"odd account":   {statement(`"Action":"sts:AssumeRole","Principal":{"AWS":"me"}`), `Invalid principal in policy: "AWS":"me"`},
		"odd principal": {statement(`"Action":"sts:AssumeRole","Principal":"me"`), `Invalid principal in policy: "me"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := trustDocument(aws.String(tt.doc), "policyDocument")
			if tt.message == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refused(t, err, "MalformedPolicyDocument", 400, tt.message)
		})
	}
}

func TestPoliciesThatClustersNeedCanBeAttached(t *testing.T) {
	c := newCall()
	c.Region.Quotas = map[string]int{"L-0DA4ABF3": 20}
	makeRole(t, c, "node")
	for _, policy := range []string{
		"service-role/AmazonEC2ContainerServiceforEC2Role", "AmazonSSMManagedInstanceCore", "service-role/AmazonECSTaskExecutionRolePolicy",
		"AmazonECSInfrastructureRolePolicyForLoadBalancers", "service-role/AmazonEC2ContainerServiceEventsRole", "CloudWatchAgentServerPolicy",
	} {
		arn := aws.String("arn:aws:iam::aws:policy/" + policy)
		if _, err := AttachRolePolicy(c, &iam.AttachRolePolicyInput{RoleName: aws.String("node"), PolicyArn: arn}); err != nil {
			t.Errorf("%s: %v", policy, err)
			continue
		}
		p := must[*iam.GetPolicyOutput](t)(GetPolicy(c, &iam.GetPolicyInput{PolicyArn: arn})).Policy
		v := must[*iam.GetPolicyVersionOutput](t)(GetPolicyVersion(c, &iam.GetPolicyVersionInput{PolicyArn: arn, VersionId: p.DefaultVersionId})).PolicyVersion
		doc, err := url.PathUnescape(*v.Document)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := identityDocument(&doc); err != nil || *p.AttachmentCount != 1 {
			t.Errorf("%s: %v, attached %d times", policy, err, *p.AttachmentCount)
		}
	}
}

func TestAttachmentsAreListedOnceAndLimited(t *testing.T) {
	c := newCall()
	c.Region.Quotas = map[string]int{"L-0DA4ABF3": 2}
	name := aws.String("node")
	makeRole(t, c, *name)
	attach := func(policy string) error {
		_, err := AttachRolePolicy(c, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String(policy)})
		return err
	}
	for _, p := range []string{"AmazonSSMManagedInstanceCore", "AmazonSSMManagedInstanceCore", "service-role/AmazonECSTaskExecutionRolePolicy"} {
		if err := attach("arn:aws:iam::aws:policy/" + p); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, attach("arn:aws:iam::aws:policy/AdministratorAccess"), "LimitExceeded", 409, "Cannot exceed quota for PoliciesPerRole: 2")
	refused(t, attach("arn:aws:iam::aws:policy/NoSuchPolicy"), "NoSuchEntity", 404,
		"Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.")
	refused(t, attach("AdministratorAccess"), "InvalidInput", 400, "ARN AdministratorAccess is not valid.")
	_, err := DetachRolePolicy(c, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")})
	refused(t, err, "NoSuchEntity", 404, "Policy arn:aws:iam::aws:policy/AdministratorAccess was not found.")

	all := must[*iam.ListAttachedRolePoliciesOutput](t)(ListAttachedRolePolicies(c, &iam.ListAttachedRolePoliciesInput{RoleName: name})).AttachedPolicies
	if len(all) != 2 || *all[0].PolicyName != "AmazonSSMManagedInstanceCore" || *all[1].PolicyName != "AmazonECSTaskExecutionRolePolicy" {
		t.Errorf("attached are %v", all)
	}
	jobs := must[*iam.ListAttachedRolePoliciesOutput](t)(ListAttachedRolePolicies(c, &iam.ListAttachedRolePoliciesInput{RoleName: name, PathPrefix: aws.String("/service-role/")})).AttachedPolicies
	if len(jobs) != 1 {
		t.Errorf("under /service-role/ are %v", jobs)
	}
}

func TestInlinePolicyReadsBackURLEncoded(t *testing.T) {
	c := newCall()
	name := aws.String("node")
	makeRole(t, c, *name)
	doc := `{"Statement": {"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::a+b/*"}}`
	must[*iam.PutRolePolicyOutput](t)(PutRolePolicy(c, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("s3"), PolicyDocument: &doc}))
	got := must[*iam.GetRolePolicyOutput](t)(GetRolePolicy(c, &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String("s3")}))
	if back, err := url.PathUnescape(*got.PolicyDocument); err != nil || back != doc || strings.Contains(*got.PolicyDocument, "+") {
		t.Errorf("document reads back as %s", *got.PolicyDocument)
	}
	if l := must[*iam.ListRolePoliciesOutput](t)(ListRolePolicies(c, &iam.ListRolePoliciesInput{RoleName: name})); len(l.PolicyNames) != 1 || l.PolicyNames[0] != "s3" {
		t.Errorf("names are %v", l.PolicyNames)
	}
	_, err := GetRolePolicy(c, &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String("none")})
	refused(t, err, "NoSuchEntity", 404, "The role policy with name none cannot be found.")
	long := `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::` + strings.Repeat("a", 10300) + `"}}`
	_, err = PutRolePolicy(c, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("long"), PolicyDocument: &long})
	refused(t, err, "LimitExceeded", 409, "Maximum policy size of 10240 bytes exceeded for role node")
}

func TestCustomerPolicyLivesThroughItsVersions(t *testing.T) {
	c := newCall()
	makeRole(t, c, "node")
	p := must[*iam.CreatePolicyOutput](t)(CreatePolicy(c, &iam.CreatePolicyInput{
		PolicyName: aws.String("mine"), Path: aws.String("/ecs/"),
		PolicyDocument: aws.String(allowS3), Description: aws.String("d"), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}},
	})).Policy
	if *p.Arn != "arn:aws:iam::123456789012:policy/ecs/mine" || *p.DefaultVersionId != "v1" {
		t.Fatalf("policy is %+v", p)
	}
	_, err := CreatePolicy(c, &iam.CreatePolicyInput{PolicyName: aws.String("Mine"), PolicyDocument: aws.String(allowS3)})
	refused(t, err, "EntityAlreadyExists", 409, "A policy called Mine already exists. Duplicate names are not allowed.")
	for range 4 {
		must[*iam.CreatePolicyVersionOutput](t)(CreatePolicyVersion(c, &iam.CreatePolicyVersionInput{PolicyArn: p.Arn, PolicyDocument: aws.String(allowS3), SetAsDefault: true}))
	}
	_, err = CreatePolicyVersion(c, &iam.CreatePolicyVersionInput{PolicyArn: p.Arn, PolicyDocument: aws.String(allowS3)})
	refused(t, err, "LimitExceeded", 409,
		"A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")
	_, err = DeletePolicyVersion(c, &iam.DeletePolicyVersionInput{PolicyArn: p.Arn, VersionId: aws.String("v5")})
	refused(t, err, "DeleteConflict", 409, "Cannot delete the default version of a policy.")
	must[*iam.SetDefaultPolicyVersionOutput](t)(SetDefaultPolicyVersion(c, &iam.SetDefaultPolicyVersionInput{PolicyArn: p.Arn, VersionId: aws.String("v2")}))
	versions := must[*iam.ListPolicyVersionsOutput](t)(ListPolicyVersions(c, &iam.ListPolicyVersionsInput{PolicyArn: p.Arn})).Versions
	if len(versions) != 5 || *versions[0].VersionId != "v5" || versions[0].IsDefaultVersion || !versions[3].IsDefaultVersion {
		t.Fatalf("versions are %+v", versions)
	}
	must[*iam.AttachRolePolicyOutput](t)(AttachRolePolicy(c, &iam.AttachRolePolicyInput{RoleName: aws.String("node"), PolicyArn: p.Arn}))
	_, err = DeletePolicy(c, &iam.DeletePolicyInput{PolicyArn: p.Arn})
	refused(t, err, "DeleteConflict", 409, "Cannot delete a policy attached to entities.")
	must[*iam.DetachRolePolicyOutput](t)(DetachRolePolicy(c, &iam.DetachRolePolicyInput{RoleName: aws.String("node"), PolicyArn: p.Arn}))
	if _, err = DeletePolicy(c, &iam.DeletePolicyInput{PolicyArn: p.Arn}); err == nil {
		t.Fatal("a policy with five versions was deleted")
	}
	for _, v := range []string{"v1", "v3", "v4", "v5"} {
		must[*iam.DeletePolicyVersionOutput](t)(DeletePolicyVersion(c, &iam.DeletePolicyVersionInput{PolicyArn: p.Arn, VersionId: aws.String(v)}))
	}
	got := must[*iam.GetPolicyOutput](t)(GetPolicy(c, &iam.GetPolicyInput{PolicyArn: p.Arn})).Policy
	if *got.DefaultVersionId != "v2" || *got.AttachmentCount != 0 || *got.Description != "d" || len(got.Tags) != 1 {
		t.Errorf("policy is %+v", got)
	}
	must[*iam.DeletePolicyOutput](t)(DeletePolicy(c, &iam.DeletePolicyInput{PolicyArn: p.Arn}))
	_, err = GetPolicy(c, &iam.GetPolicyInput{PolicyArn: p.Arn})
	refused(t, err, "NoSuchEntity", 404, "Policy arn:aws:iam::123456789012:policy/ecs/mine was not found.")
}

func TestListPoliciesByScope(t *testing.T) {
	c := newCall()
	must[*iam.CreatePolicyOutput](t)(CreatePolicy(c, &iam.CreatePolicyInput{PolicyName: aws.String("mine"), PolicyDocument: aws.String(allowS3)}))
	for scope, want := range map[types.PolicyScopeType]int{types.PolicyScopeTypeLocal: 1, types.PolicyScopeTypeAws: len(managedPolicies()), types.PolicyScopeTypeAll: len(managedPolicies()) + 1} {
		if l := must[*iam.ListPoliciesOutput](t)(ListPolicies(c, &iam.ListPoliciesInput{Scope: scope})); len(l.Policies) != want {
			t.Errorf("%s: %d policies, want %d", scope, len(l.Policies), want)
		}
	}
}

func TestPoliciesOfAWSCannotBeChanged(t *testing.T) {
	c := newCall()
	c.Operation = "DeletePolicy"
	_, err := DeletePolicy(c, &iam.DeletePolicyInput{PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")})
	refused(t, err, "AccessDenied", 403, "User: arn:aws:iam::123456789012:user/berth is not authorized to perform: iam:DeletePolicy"+
		" on resource: policy arn:aws:iam::aws:policy/AdministratorAccess")
}

func TestManagedPolicyNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range managedPolicies() {
		if seen[m.name] || m.actions == "" {
			t.Errorf("%s is there twice or allows nothing", m.name)
		}
		seen[m.name] = true
	}
}

func TestCallerIsTheOneUser(t *testing.T) {
	c := newCall()
	u := must[*iam.GetUserOutput](t)(GetUser(c, &iam.GetUserInput{})).User
	same := must[*iam.GetUserOutput](t)(GetUser(c, &iam.GetUserInput{UserName: u.UserName})).User
	if *same.Arn != *u.Arn || !strings.HasSuffix(*u.Arn, "/"+*u.UserName) {
		t.Errorf("user is %+v", u)
	}
	_, err := GetUser(c, &iam.GetUserInput{UserName: aws.String("alice")})
	refused(t, err, "NoSuchEntity", 404, "The user with name alice cannot be found.")
}

func TestSummaryCounts(t *testing.T) {
	c := newCall()
	makeRole(t, c, "node")
	s := must[*iam.GetAccountSummaryOutput](t)(GetAccountSummary(c, &iam.GetAccountSummaryInput{})).SummaryMap
	if s["Roles"] != 1 || s["RolesQuota"] != 1000 || s["InstanceProfiles"] != 0 {
		t.Errorf("summary is %v", s)
	}
	if a := must[*iam.ListAccountAliasesOutput](t)(ListAccountAliases(c, &iam.ListAccountAliasesInput{})); len(a.AccountAliases) != 0 || a.IsTruncated {
		t.Errorf("aliases are %v", a.AccountAliases)
	}
}
