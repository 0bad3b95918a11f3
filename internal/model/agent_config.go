package model

// AgentConfigPath is where in the cluster's bucket the ECS agents' logins to registries are.
const AgentConfigPath = "agent/ecs.config"

// AgentConfig is the object in the cluster's bucket that holds logins to registries for the ECS agents. What is in it is never
// here: only who logs in where, and whether it is what shall be stored.
type AgentConfig struct {
	Registries []string // "docker.io as acme", sorted
	Value      string   // "current", or "other"
	Older      int      // versions before the newest, which hold what was
	Versions   []string // ids of all versions, the newest first; observed only
}

// AgentConfigKey is the key of the one object.
func AgentConfigKey() Key { return Key{Kind: KindAgentConfig} }

// Key is AgentConfigKey.
func (c AgentConfig) Key() Key { return AgentConfigKey() }

// Refs is the bucket.
func (c AgentConfig) Refs() []Key { return []Key{BucketKey()} }

// Attrs lists the object's settings.
func (c AgentConfig) Attrs() []Attr {
	var a attrs
	a.list("registries", c.Registries)
	a.text("value", c.Value)
	a.number("older_versions", c.Older)
	return a
}
