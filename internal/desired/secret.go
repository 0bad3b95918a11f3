package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

// secrets are the logins that berth keeps in Secrets Manager.
func (b *builder) secrets() []model.Resource {
	var out []model.Resource
	for _, r := range b.c.Registries {
		if r.Store != config.SecretsManager || r.SecretARN != "" {
			continue
		}
		out = append(out, model.Secret{
			Registry: r.Host, Name: b.scope.SecretName(r.Host), Description: "login of ECS cluster " + b.scope.ClusterName() + " to " + r.Host,
			Username: r.Username, Value: model.CurrentValue, Tags: b.tags(model.SecretKey(r.Host)),
		})
	}
	return out
}

// readSecrets lets ECS read exactly the logins of the file's registries when it starts a task. The six characters that
// Secrets Manager puts behind a name are not known beforehand (ECS developer guide, "Using non-AWS container images in
// Amazon ECS").
func (b *builder) readSecrets() []model.Policy {
	var secrets, keys []string
	for _, r := range b.c.Registries {
		switch fact := b.facts.Registries[r.Host]; {
		case r.SecretARN != "":
			secrets = append(secrets, r.SecretARN)
			if fact.KMSKey != "" {
				keys = append(keys, fact.KMSKey)
			}
		case r.Store == config.SecretsManager:
			secrets = append(secrets, b.arn("secretsmanager", "secret:"+b.scope.SecretName(r.Host)+"-??????"))
		}
	}
	if len(secrets) == 0 {
		return nil
	}
	statements := []statement{{Effect: "Allow", Action: []string{"secretsmanager:GetSecretValue"}, Resource: secrets}}
	if len(keys) > 0 {
		statements = append(statements, statement{
			Effect: "Allow", Action: []string{"kms:Decrypt"}, Resource: keys,
			Condition: map[string]map[string]string{"StringEquals": {"kms:ViaService": "secretsmanager." + b.scope.Region + ".amazonaws.com"}},
		})
	}
	return []model.Policy{{Name: registryPolicy, Document: document(statements...)}}
}

// registryPolicy is the name of the policies that let roles read logins.
const registryPolicy = "registries"
