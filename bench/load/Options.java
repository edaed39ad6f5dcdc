import java.util.Arrays;

/** Arguments of the form {@code --name=value}; of two with one name the last counts. */
record Options(String... arguments) {

	String text(String name, String otherwise) {
		return Arrays.stream(this.arguments)
			.filter((argument) -> argument.startsWith("--" + name + "="))
			.map((argument) -> argument.substring(name.length() + 3))
			.reduce(otherwise, (first, second) -> second);
	}

	int number(String name, int otherwise) {
		return Integer.parseInt(text(name, Integer.toString(otherwise)));
	}

}
