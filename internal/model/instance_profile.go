package model

// Profile is the instance profile through which instances get their role.
type Profile struct {
	Name string
	Path string
	Role Key // zero when it holds none
	Tags Tags
}

// ProfileKey is the key of the one instance profile.
func ProfileKey() Key { return Key{Kind: KindProfile} }

// Key is ProfileKey.
func (p Profile) Key() Key { return ProfileKey() }

// Refs is the instance role.
func (p Profile) Refs() []Key { return []Key{RoleKey("instance")} }

// Attrs lists the profile's settings.
func (p Profile) Attrs() []Attr {
	var a attrs
	a.text("name", p.Name)
	a.text("path", p.Path)
	a.key("role", p.Role)
	a.tags(p.Tags)
	return a
}
