package registry

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	simkms "berth/internal/sim/kms"
	"berth/internal/sim/secrets"
	"berth/internal/sim/world"
)

const roleARN = "arn:aws:iam::123456789012:role/ecs/execution"

// stage is a world with a secret, a role, and a definition that names both.
type stage struct {
	*testing.T
	c    *world.Call
	role *world.Role
	arn  string
	d    *world.TaskDefinition
}

func newStage(t *testing.T, value string) *stage {
	t.Helper()
	w := world.New(1)
	w.Attach(secrets.Handlers(), nil)
	s := &stage{T: t, c: &world.Call{World: w, Region: w.Region("eu-west-1")}}
	out, err := secrets.CreateSecret(s.c, &secretsmanager.CreateSecretInput{
		Name: aws.String("hub"), SecretString: &value, ClientRequestToken: aws.String(strings.Repeat("1", 32)),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.arn = *out.ARN
	s.role = &world.Role{Name: "execution", ARN: roleARN}
	w.IAM.Roles.Put("execution", s.role)
	s.allow(`"secretsmanager:GetSecretValue"`, s.arn)
	s.d = define(t, roleARN, s.arn)
	return s
}

func define(t *testing.T, role, secret string) *world.TaskDefinition {
	t.Helper()
	spec := types.TaskDefinition{ContainerDefinitions: []types.ContainerDefinition{{Name: aws.String("plain")}, {Name: aws.String("private")}}}
	if role != "" {
		spec.ExecutionRoleArn = &role
	}
	if secret != "" {
		spec.ContainerDefinitions[1].RepositoryCredentials = &types.RepositoryCredentials{CredentialsParameter: &secret}
	}
	text, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	return &world.TaskDefinition{Spec: string(text)}
}

func (s *stage) allow(action, resource string) {
	s.role.Inline.Put("p", &world.InlinePolicy{Name: "p", Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + action + `],"Resource":["` + resource + `"]}]}`})
}

func (s *stage) says(want string) {
	s.Helper()
	got := Refused(s.c.World, s.c.Region, s.d)
	if want == "" && got != "" || !strings.Contains(got, want) {
		s.Errorf("%q, want %q", got, want)
	}
	begins := func(with string) bool { return strings.HasPrefix(got, with) }
	if want != "" && !begins("ECS was unable to assume the role '") && !begins("Fetching secret data from AWS Secrets Manager in region eu-west-1: ") &&
		!begins("ResourceInitializationError: unable to pull secrets or registry auth: ") {
		s.Errorf("%q is nothing that ECS says", got)
	}
	if strings.Contains(got, "hunter2") {
		s.Errorf("a value shows: %s", got)
	}
}

const hubLogin = `{"username":"acme","password":"hunter2"}`

func TestALoginThatMayBeReadLetsTasksStart(t *testing.T) {
	s := newStage(t, hubLogin)
	s.says("")
	s.allow(`"secretsmanager:GetSecretValue"`, s.arn[:len(s.arn)-6]+"??????")
	s.says("")
	s.d = define(t, roleARN, "hub")
	s.says("")
	s.d = define(t, "", "")
	s.says("")
}

func TestARoleWithoutTheRightReasonsIsRefused(t *testing.T) {
	s := newStage(t, hubLogin)
	const who = "User: arn:aws:sts::123456789012:assumed-role/execution/ecs is not authorized to perform: secretsmanager:GetSecretValue on resource: "
	s.allow(`"secretsmanager:GetSecretValue"`, s.arn[:len(s.arn)-6]+"?????")
	s.says(who + s.arn)
	s.allow(`"secretsmanager:DescribeSecret"`, "*")
	s.says(who)
	s.allow(`"secretsmanager:GetSecretValue"`, "*")
	s.role.Inline.Put("no", &world.InlinePolicy{Document: `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"secretsmanager:*","Resource":"*"}}`})
	s.says(who)
	s.role.Inline = world.Table[world.InlinePolicy]{}
	s.says(who)
	s.role.Attached = []string{"arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"}
	s.says(who)
	s.role.Attached = []string{"arn:aws:iam::aws:policy/SecretsManagerReadWrite"}
	s.says("")
	s.c.IAM.Policies.Put("own", &world.Policy{Default: "v2", Versions: []world.PolicyVersion{{ID: "v1"}, {ID: "v2", Document: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`}}})
	s.role.Attached = []string{"own"}
	s.says("")
	s.d = define(t, "", s.arn)
	s.says("NoCredentialProviders")
	s.d = define(t, roleARN+"x", s.arn)
	s.says("ECS was unable to assume the role '")
}

func TestASecretThatIsNotThereOrHoldsNoLoginIsRefused(t *testing.T) {
	s := newStage(t, hubLogin)
	s.allow(`"secretsmanager:*"`, "*")
	s.d = define(t, roleARN, "none")
	s.says("ResourceNotFoundException: Secrets Manager can't find the specified secret.")
	s.d = define(t, roleARN, s.arn)
	if _, err := secrets.DeleteSecret(s.c, &secretsmanager.DeleteSecretInput{SecretId: &s.arn}); err != nil {
		t.Fatal(err)
	}
	s.says("InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.")
	s.c.Advance(31 * 24 * time.Hour)
	s.says("ResourceNotFoundException")
	for _, value := range []string{"hunter2", "{}", `{"username":"acme"}`} {
		s := newStage(t, value)
		s.says("no username and password")
	}
}

func TestASecretUnderAKeyOfItsOwnerNeedsTheKeyToo(t *testing.T) {
	s := newStage(t, hubLogin)
	key, err := simkms.CreateKey(s.c, &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := secrets.UpdateSecret(s.c, &secretsmanager.UpdateSecretInput{SecretId: &s.arn, KmsKeyId: key.KeyMetadata.KeyId}); err != nil {
		t.Fatal(err)
	}
	s.says("Access to KMS is not allowed")
	for _, c := range [][2]string{{"us-east-1", "Access to KMS is not allowed"}, {"eu-west-1", ""}} { // the last one stays
		region, want := c[0], c[1]
		s.role.Inline.Put("kms", &world.InlinePolicy{Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":["` +
			*key.KeyMetadata.Arn + `"],"Condition":{"StringEquals":{"kms:ViaService":"secretsmanager.` + region + `.amazonaws.com"}}}]}`})
		s.says(want)
	}
	if _, err := simkms.DisableKey(s.c, &kms.DisableKeyInput{KeyId: key.KeyMetadata.KeyId}); err != nil {
		t.Fatal(err)
	}
	s.says("DecryptionFailure")
}

// withSecret is the stage's definition with a secret in the environment instead of a login.
func (s *stage) withSecret(role, from string) {
	s.d = define(s.T, role, "")
	spec := types.TaskDefinition{}
	if err := json.Unmarshal([]byte(s.d.Spec), &spec); err != nil {
		s.Fatal(err)
	}
	spec.ContainerDefinitions[0].Secrets = []types.Secret{{Name: aws.String("DB"), ValueFrom: &from}}
	text, err := json.Marshal(spec)
	if err != nil {
		s.Fatal(err)
	}
	s.d.Spec = string(text)
}

func TestContainersGetTheSecretsThatTheirRoleMayRead(t *testing.T) {
	s := newStage(t, hubLogin)
	for from, want := range map[string]string{
		s.arn:                 "",
		s.arn + ":password::": "",
		s.arn + ":token::":    "retrieved secret from Secrets Manager did not contain json key token",
		strings.Replace(s.arn, ":hub-", ":other-", 1): "is not authorized to perform: secretsmanager:GetSecretValue",
		"/shop/db": "is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-west-1:123456789012:parameter/shop/db",
	} {
		s.withSecret(roleARN, from)
		s.says(want)
	}
	s.withSecret("arn:aws:iam::123456789012:role/ecs/gone", s.arn)
	s.says("ECS was unable to assume the role '")
	s.allow(`"secretsmanager:GetSecretValue"`, "*")
	s.withSecret(roleARN, strings.Replace(s.arn, ":hub-", ":other-", 1))
	s.says("ResourceNotFoundException")
	s.says("Fetching secret data from AWS Secrets Manager in region eu-west-1: secret " + strings.Replace(s.arn, ":hub-", ":other-", 1) + ": Res")
	plain := newStage(t, "hunter2")
	plain.withSecret(roleARN, plain.arn+":password::")
	plain.says("it is no JSON")
}

func TestContainersGetTheParametersThatThereAre(t *testing.T) {
	s := newStage(t, hubLogin)
	for _, name := range []string{"/shop/db", "plain"} {
		s.c.Region.Parameters.Parameters.Put(name, &world.Parameter{Name: name, Value: "x", Version: 1})
	}
	const arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/"
	s.allow(`"ssm:GetParameters"`, arn+"*")
	for from, want := range map[string]string{
		"/shop/db": "", "plain": "", arn + "shop/db": "", arn + "plain": "",
		"/shop/other": "unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/other",
		"shop/db":     "invalid ssm parameters: shop/db",
		"/plain":      "invalid ssm parameters: /plain",
		arn + "other": "invalid ssm parameters: " + arn + "other",
		"arn:aws:ssm:eu-central-1:123456789012:parameter/other": "", "/aws/service/global": "",
	} {
		s.withSecret(roleARN, from)
		s.says(want)
	}
	s.allow(`"ssm:GetParameters"`, arn+"shop/*")
	s.withSecret(roleARN, "plain")
	s.says("is not authorized to perform: ssm:GetParameters on resource: " + arn + "plain")
	s.withSecret("", "plain")
	s.says("NoCredentialProviders")
}

func TestATaskNeedsItsRolesWhateverFor(t *testing.T) {
	s := newStage(t, hubLogin)
	gone := "arn:aws:iam::123456789012:role/ecs/gone"
	for _, roles := range [][2]*string{{&gone, nil}, {nil, &gone}, {aws.String(roleARN), nil}} {
		text, err := json.Marshal(types.TaskDefinition{TaskRoleArn: roles[0], ExecutionRoleArn: roles[1], ContainerDefinitions: []types.ContainerDefinition{{Name: aws.String("plain")}}})
		if err != nil {
			t.Fatal(err)
		}
		s.d.Spec = string(text)
		if roles[0] != nil && *roles[0] == roleARN {
			s.says("")
			continue
		}
		s.says("ECS was unable to assume the role '" + gone + "' that was provided for this task.")
	}
}
