package sim_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"berth/internal/sim"
	"berth/internal/sim/access"
	"berth/internal/sim/world"
)

// under is AWS's API for one who has a policy of these statements.
func under(t *testing.T, s *sim.Sim, statements string) aws.Config {
	t.Helper()
	p, err := access.New(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
	if err != nil {
		t.Fatal(err)
	}
	return aws.Config{
		Region: "eu-west-1", HTTPClient: s.Under(p), BaseEndpoint: aws.String("http://sim"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIA", "any", ""), Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

const nothing = `{"Effect":"Allow","Action":"sqs:ListQueues","Resource":"*"}`

func TestEveryServiceSaysNoInItsOwnWords(t *testing.T) {
	s := sim.New(world.New(1))
	cfg := under(t, s, nothing)
	const who = "User: arn:aws:iam::123456789012:user/berth is not authorized to perform: "
	for name, tt := range map[string]struct {
		call       func() error
		code, text string
	}{
		"EC2": {func() error {
			_, err := ec2.NewFromConfig(cfg).CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
			return err
		}, "UnauthorizedOperation", "You are not authorized to perform this operation. " + who +
			"ec2:CreateVpc on resource: arn:aws:ec2:eu-west-1:123456789012:vpc/* because no identity-based policy allows the ec2:CreateVpc action. Encoded authorization failure message: "},
		"ECS": {func() error {
			_, err := ecs.NewFromConfig(cfg).CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")})
			return err
		}, "AccessDeniedException", who + "ecs:CreateCluster on resource: arn:aws:ecs:eu-west-1:123456789012:cluster/shop because no identity-based policy allows the ecs:CreateCluster action"},
		"IAM": {func() error {
			_, err := iam.NewFromConfig(cfg).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("r"), Path: aws.String("/ecs/"), AssumeRolePolicyDocument: aws.String("{}")})
			return err
		}, "AccessDenied", who + "iam:CreateRole on resource: arn:aws:iam::123456789012:role/ecs/r because no identity-based policy allows the iam:CreateRole action"},
		"S3": {func() error {
			_, err := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: aws.String("b")})
			return err
		}, "AccessDenied", who + "s3:GetEncryptionConfiguration on resource: arn:aws:s3:::b because no identity-based policy allows the s3:GetEncryptionConfiguration action"},
		"SNS": {func() error {
			_, err := sns.NewFromConfig(cfg).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("ops")})
			return err
		}, "AuthorizationError", who + "sns:CreateTopic on resource: arn:aws:sns:eu-west-1:123456789012:ops because no identity-based policy allows the sns:CreateTopic action"},
	} {
		var api smithy.APIError
		if err := tt.call(); !errors.As(err, &api) || api.ErrorCode() != tt.code || !strings.HasPrefix(api.ErrorMessage(), tt.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Errorf("everybody may ask who they are: %v", err)
	}
}

func TestWhatIsMadeAndWhatStandsHaveTagsOfTheirOwn(t *testing.T) {
	s := sim.New(world.New(1))
	cfg := under(t, s, `
		{"Effect":"Allow","Action":"ec2:CreateVpc","Resource":"arn:aws:ec2:*:*:vpc/*","Condition":{"StringEquals":{"aws:RequestTag/Cluster":"shop"}}},
		{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"StringEquals":{"ec2:CreateAction":"CreateVpc"}}},
		{"Effect":"Allow","Action":"ec2:DeleteVpc","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Cluster":"shop"}}}`)
	api := ec2.NewFromConfig(cfg)
	create := func(cluster string) (string, error) {
		out, err := api.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: []types.TagSpecification{{
			ResourceType: types.ResourceTypeVpc, Tags: []types.Tag{{Key: aws.String("Cluster"), Value: aws.String(cluster)}},
		}}})
		if err != nil {
			return "", err
		}
		return aws.ToString(out.Vpc.VpcId), nil
	}
	if _, err := create("other"); err == nil {
		t.Error("a VPC of another cluster was made")
	}
	id, err := create("shop")
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.CreateTags(t.Context(), &ec2.CreateTagsInput{Resources: []string{id}, Tags: []types.Tag{{Key: aws.String("x"), Value: aws.String("y")}}})
	if err == nil {
		t.Error("what stands was tagged, which only what is made may be")
	}
	var theirs string
	s.With(func(w *world.World) {
		for v := range w.Region("eu-west-1").EC2.VPCs.Rows() {
			if v.ID != id {
				theirs = v.ID
			}
		}
	})
	if _, err := api.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: &theirs}); err == nil {
		t.Error("somebody else's VPC was deleted")
	}
	if _, err := api.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: &id}); err != nil {
		t.Error(err)
	}
}

func TestATaskOfAFamilyIsAllowedByItsNewestRevision(t *testing.T) {
	s := sim.New(world.New(1))
	all := ecs.NewFromConfig(under(t, s, `{"Effect":"Allow","Action":"*","Resource":"*"}`))
	if _, err := all.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := all.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
			Family:               aws.String("job"),
			ContainerDefinitions: []ecstypes.ContainerDefinition{{Name: aws.String("job"), Image: aws.String("job"), Memory: aws.Int32(128)}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	const arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/"
	for _, tt := range []struct {
		allowed, run string
		want         bool
	}{
		{"*:*", "job", true},
		{"job:*", "job", true},
		{"job:2", "job", true},
		{"job:1", "job", false},
		{"job", "job", false},
		{"job:1", "job:1", true},
		{"job:*", arn + "job", true},
		{"job:2", arn + "job:1", false},
	} {
		cfg := under(t, s, `{"Effect":"Allow","Action":"ecs:RunTask","Resource":"`+arn+tt.allowed+`"}`)
		_, err := ecs.NewFromConfig(cfg).RunTask(t.Context(), &ecs.RunTaskInput{Cluster: aws.String("shop"), TaskDefinition: &tt.run})
		var api smithy.APIError
		if denied := errors.As(err, &api) && api.ErrorCode() == "AccessDeniedException"; denied == tt.want {
			t.Errorf("%s under a policy for %s: %v", tt.run, tt.allowed, err)
		}
	}
}
