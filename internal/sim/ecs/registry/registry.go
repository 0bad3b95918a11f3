// Package registry tells whether ECS can take on the roles of a task, log in to the private registry of a container, and give a
// container its secrets.
//
// In go a task definition and the world; out comes why its tasks cannot start, or nothing: the roles must be there, the secret that a
// container names in repositoryCredentials must be there and hold a login, those of its environment must be there and have the key
// that it names, and the execution role must be allowed to read them. It changes nothing, and never puts a value into a reason.
package registry

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/policy"
	"berth/internal/sim/secrets"
	"berth/internal/sim/world"
)

// Refused is why no task of a definition can be given its roles, logins and secrets; empty: nothing keeps it from them (ECS developer guide,
// "Using non-AWS container images in Amazon ECS", and "Stopped task error messages").
func Refused(w *world.World, r *world.Region, d *world.TaskDefinition) string {
	if !strings.Contains(d.Spec, `RoleArn":"`) && !strings.Contains(d.Spec, `"CredentialsParameter":"`) && !strings.Contains(d.Spec, `"ValueFrom":"`) {
		return ""
	}
	spec := &types.TaskDefinition{}
	if err := json.Unmarshal([]byte(d.Spec), spec); err != nil {
		panic("ecs: a task definition that was registered cannot be read: " + err.Error()) // it was written by ECS
	}
	for _, role := range []*string{spec.TaskRoleArn, spec.ExecutionRoleArn} {
		if _, ok := find(w, aws.ToString(role)); role != nil && !ok {
			return "ECS was unable to assume the role '" + *role + "' that was provided for this task. Please verify that the role being passed has " +
				"the proper trust relationship and permissions and that your IAM user has permissions to pass this role."
		}
	}
	for _, c := range spec.ContainerDefinitions {
		if why := withheld(w, r, aws.ToString(spec.ExecutionRoleArn), c.Secrets); why != "" {
			return why
		}
		if c.RepositoryCredentials == nil {
			continue
		}
		id := aws.ToString(c.RepositoryCredentials.CredentialsParameter)
		if why := login(w, r, aws.ToString(spec.ExecutionRoleArn), id); why != "" {
			return "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: " +
				"unable to get registry auth from asm: service call has been retried 1 time(s): asm fetching secret from the service for " + id + ": " + why
		}
	}
	return ""
}

// login is why a role cannot log in with a secret.
func login(w *world.World, r *world.Region, role, id string) string {
	value, why := read(w, r, role, id)
	if why != "" {
		return why
	}
	var l struct{ Username, Password string }
	if json.Unmarshal([]byte(value), &l) != nil || l.Username == "" || l.Password == "" {
		return "the secret holds no username and password"
	}
	return ""
}

// read is the value of a secret, or why a role cannot have it.
func read(w *world.World, r *world.Region, role, id string) (value, why string) {
	who, ok := find(w, role)
	if !ok {
		return "", "NoCredentialProviders: no valid providers in chain"
	}
	arn, key, ok := secrets.Names(r, id)
	if !ok { // whoever may not read does not learn whether it is there
		arn = id
	}
	if !may(w, who, "secretsmanager:GetSecretValue", arn, r) {
		return "", denied(who, "secretsmanager:GetSecretValue", arn)
	}
	if key != "" && !may(w, who, "kms:Decrypt", key, r) {
		return "", "AccessDeniedException: Access to KMS is not allowed"
	}
	value, err := secrets.Read(r, id)
	if err != nil {
		return "", err.Error()
	}
	return value, ""
}

func denied(who *world.Role, action, resource string) string {
	return "AccessDeniedException: User: arn:aws:sts::" + world.Account + ":assumed-role/" + who.Name + "/ecs is not authorized to perform: " + action +
		" on resource: " + resource + " because no identity-based policy allows the " + action + " action"
}

// find finds a role by its ARN.
func find(w *world.World, arn string) (*world.Role, bool) {
	role, ok := w.IAM.Roles.Get(arn[strings.LastIndexByte(arn, '/')+1:])
	return role, ok && role.ARN == arn
}

// keptByAWS is what a policy of AWS's own allows here that has to do with secrets (AWS Managed Policy Reference).
func keptByAWS(arn string) string {
	switch strings.TrimPrefix(arn, "arn:aws:iam::aws:policy/") {
	case "SecretsManagerReadWrite":
		return `{"Statement":{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}}`
	case "AdministratorAccess":
		return `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	}
	return `{}`
}

// may tells whether a role's policies let it do something.
func may(w *world.World, who *world.Role, action, resource string, r *world.Region) bool {
	var docs []string
	for p := range who.Inline.Rows() {
		docs = append(docs, p.Document)
	}
	for _, arn := range who.Attached {
		p, own := w.IAM.Policies.Get(arn)
		if !own {
			docs = append(docs, keptByAWS(arn))
			continue
		}
		for _, v := range p.Versions {
			if v.ID == p.Default {
				docs = append(docs, v.Document)
			}
		}
	}
	ask := policy.Request{
		Account: world.Account, Action: action, Resource: resource,
		Context: map[string]string{"kms:ViaService": "secretsmanager." + r.Name + ".amazonaws.com", "aws:SecureTransport": "true", "aws:RequestedRegion": r.Name},
	}
	allowed := false
	for _, doc := range docs {
		p, err := policy.ParseIdentity(doc)
		if err != nil {
			continue // it has something that the simulation does not know, and so lets nobody in
		}
		switch said, _ := p.Judge(ask); said {
		case policy.Denied:
			return false
		case policy.Allowed:
			allowed = true
		case policy.Silent:
		}
	}
	return allowed
}
