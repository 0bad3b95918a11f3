package sim_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"berth/internal/sim"
	"berth/internal/sim/wire"
	"berth/internal/sim/wire/wiretest"
)

func TestEveryRegisteredOperationSurvivesTheWire(t *testing.T) {
	wiretest.RoundTrip(t, sim.Services()...)
}

// asked is what Terraform's AWS provider calls to create, read, change and destroy a small cluster of this kind:
// clients that nobody here wrote must find it all.
const asked = `
ec2 DescribeRouteTables DescribeSecurityGroups DescribeSecurityGroupRules DescribeSubnets DescribeVpcAttribute
ec2 DescribeAddresses DescribeNatGateways DescribeImages DescribeInternetGateways DescribeVpcs DescribeNetworkAcls
ec2 DescribeKeyPairs DescribeNetworkInterfaces CreateVpc ModifyVpcAttribute CreateInternetGateway AttachInternetGateway
ec2 CreateSubnet CreateRouteTable AssociateRouteTable CreateRoute AllocateAddress CreateNatGateway CreateSecurityGroup
ec2 AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress RevokeSecurityGroupIngress
ec2 ImportKeyPair DeleteRoute DisassociateRouteTable DeleteRouteTable DeleteNatGateway DisassociateAddress ReleaseAddress
ec2 DeleteSecurityGroup DeleteSubnet DetachInternetGateway DeleteInternetGateway DeleteVpc DeleteKeyPair
autoscaling CreateLaunchConfiguration DescribeLaunchConfigurations DeleteLaunchConfiguration CreateAutoScalingGroup
autoscaling DescribeAutoScalingGroups UpdateAutoScalingGroup DescribeScalingActivities DeleteAutoScalingGroup
elasticloadbalancingv2 CreateLoadBalancer DescribeLoadBalancers DescribeLoadBalancerAttributes
elasticloadbalancingv2 ModifyLoadBalancerAttributes CreateTargetGroup DescribeTargetGroups DescribeTargetGroupAttributes
elasticloadbalancingv2 ModifyTargetGroupAttributes CreateListener DescribeListeners DescribeTags DeleteListener
elasticloadbalancingv2 DeleteTargetGroup DeleteLoadBalancer
iam CreateRole GetRole ListRolePolicies ListAttachedRolePolicies AttachRolePolicy DetachRolePolicy DeleteRole
iam CreateInstanceProfile GetInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile
iam ListInstanceProfilesForRole DeleteInstanceProfile GetUser
ecs CreateCluster DescribeClusters DeleteCluster
logs CreateLogGroup PutRetentionPolicy DescribeLogGroups ListTagsLogGroup DeleteLogGroup
s3 CreateBucket HeadBucket DeleteBucket PutPublicAccessBlock GetPublicAccessBlock PutBucketVersioning GetBucketVersioning
s3 PutBucketEncryption GetBucketEncryption PutBucketPolicy GetBucketPolicy PutBucketTagging GetBucketTagging
s3 PutBucketLifecycleConfiguration GetBucketLifecycleConfiguration PutBucketOwnershipControls GetBucketOwnershipControls
s3 PutObject GetObject HeadObject DeleteObject ListObjectsV2 ListObjectVersions DeleteObjects
`

// refusedByAWS is what is asked for and not served: accounts opened since October 2024 cannot make launch configurations
// (Amazon EC2 Auto Scaling user guide, "Auto Scaling launch configurations").
const refusedByAWS = `
autoscaling CreateLaunchConfiguration DescribeLaunchConfigurations DeleteLaunchConfiguration
`

// operations are the lines of a list, as "service operation".
func operations(list string) []string {
	var out []string
	for line := range strings.Lines(list) {
		words := strings.Fields(line)
		for i := 1; i < len(words); i++ {
			out = append(out, words[0]+" "+words[i])
		}
	}
	return out
}

func TestWhatForeignClientsAskIsServed(t *testing.T) {
	served := map[string]bool{}
	for _, s := range sim.Services() {
		for op := range s.Ops {
			served[s.Name+" "+op] = true
		}
	}
	for _, op := range operations(asked) {
		if left := slices.Contains(operations(refusedByAWS), op); served[op] == left {
			t.Errorf("%s: served %t, left out on purpose %t", op, served[op], left)
		}
	}
}

// kinds finds the kinds of events that a file names: of Event literals, of constants, and of calls that make events.
func kinds(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	add := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			found = append(found, strings.Trim(lit.Value, `"`))
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Kind" {
				add(n.Value)
			}
		case *ast.ValueSpec:
			if kind := types.ExprString(n.Type); kind == "Kind" || kind == "world.Kind" {
				add(n.Values[0])
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"event", "later"}, f.Sel.Name) {
				add(n.Args[0])
			}
		}
		return true
	})
	return found
}

func TestEveryEventHasAHandler(t *testing.T) {
	handled, seen := map[string]bool{}, map[string]bool{}
	for _, k := range sim.EventKinds() {
		handled[string(k)] = true
	}
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, k := range kinds(t, path) {
			seen[k] = true
			if !handled[k] {
				t.Errorf("%s: nothing happens on %s; scheduled, it panics", path, k)
			}
		}
		return nil
	})
	for k := range handled {
		if !seen[k] {
			t.Errorf("nobody makes a %s: a handler too many, or this test has lost sight of it", k)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func TestGranteeHasItsTypeAsAnAttribute(t *testing.T) {
	s, _ := embedded(1)
	body := ""
	for _, r := range []struct{ method, url string }{{"PUT", "http://localhost/bucket"}, {"GET", "http://localhost/bucket?acl"}} {
		answer := must[*http.Response](t)(s.Client().Do(must[*http.Request](t)(http.NewRequest(r.method, r.url, http.NoBody))))
		body = string(must[[]byte](t)(io.ReadAll(answer.Body)))
	}
	want := `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><`
	if !strings.Contains(body, want) {
		t.Errorf("%s has no %s", body, want)
	}
}

func TestServicesDoNotShareARoute(t *testing.T) {
	seen := map[string]string{}
	for _, s := range sim.Services() {
		for _, f := range append([]wire.Framing{{Protocol: s.Protocol, Route: s.Route}}, s.Also...) {
			route := fmt.Sprint(f.Protocol, f.Route)
			if seen[route] != "" || len(s.Ops) == 0 {
				t.Errorf("%s and %s share %s, with %d operations", s.Name, seen[route], route, len(s.Ops))
			}
			seen[route] = s.Name
		}
	}
}
