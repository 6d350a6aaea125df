package control

// Operations is what the start reads from the description.
func Operations() []string {
	var list []string
	for _, o := range operations(specification) {
		list = append(list, o.String())
	}
	return list
}

// Compare complains about a route that nobody describes and about a
// description without a route.
func Compare(verb, path, id string, described string) error {
	return compare([]route{{verb: verb, path: path, operation: id}}, operations([]byte(described)))
}
